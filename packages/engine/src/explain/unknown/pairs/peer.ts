import type { PodClass } from "../../../evaluate/fast/pod-class.ts";

/** What of a pod in one state may not be known to the rules of others. */
export interface Peer {
  readonly podClass: PodClass;
  /** Of its namespace only the name is known, and policies ask for labels. */
  readonly isOnlyNamed: boolean;
  /** Its address is not known, and rules name blocks. */
  readonly hasNoAddress: boolean;
}
