/** What is tried, again and again: before there are policies, and with them. */
export interface Probe {
  /** A client of `clients`. */
  readonly from: string;
  /** A server of `servers`, or `ownNode`: that which the client runs on. */
  readonly to: string;
  readonly protocol: "tcp" | "udp" | "sctp" | "icmp";
  /** None for ICMP. */
  readonly port?: number;
  /** With the policies in force. */
  readonly expected: "open" | "denied";
}

export const ownNode = "own node";

/** A row of the table. */
export interface DoctorTest {
  readonly id: string;
  readonly title: string;
  /** What the API says, in a sentence. */
  readonly says: string;
  /** Where it says so. */
  readonly reference: string;
  /** Implementations may differ: whatever is seen is no fault. */
  readonly isLeftOpen?: true;
  /** Empty where the test looks at something else. */
  readonly probes: readonly Probe[];
}
