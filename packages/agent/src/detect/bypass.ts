/** A way past podwall's rules that packets of this node's pods take. */
export interface Bypass {
  readonly kind: BypassKind;
  /** What was found, in words. */
  readonly found: string;
  /** What to do about it. */
  readonly mend: string;
}

export const bypassKinds = ["bridge", "ipvs", "flowtable"] as const;
export type BypassKind = (typeof bypassKinds)[number];
