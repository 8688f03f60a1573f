/** Who connects: a pod, a node, or the outside from one of its addresses. */
export type Source =
  | { readonly kind: "pod"; readonly name: string }
  | { readonly kind: "node"; readonly name: string }
  | { readonly kind: "outside"; readonly address: string };

/** A connection by TCP that the suite tries, and what the API says of it once the policies are there. */
export interface Connection {
  /** What it shows. */
  readonly shows: string;
  readonly from: Source;
  /** What it is to, for people. */
  readonly what: string;
  readonly address: string;
  readonly port: number;
  /** The pod that the address is of, where it is one's. */
  readonly toPod?: string;
  readonly expected: "open" | "denied";
}

export function connectionText({ shows, from, what, expected }: Connection): string {
  const who = from.kind === "outside" ? `${from.address} outside` : from.name;
  return `${shows}: ${who} to ${what}: ${expected}`;
}
