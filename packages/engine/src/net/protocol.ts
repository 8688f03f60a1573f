/** The transport protocols NetworkPolicy knows. */
export type Protocol = "TCP" | "UDP" | "SCTP";

export const protocols: readonly Protocol[] = ["TCP", "UDP", "SCTP"];
