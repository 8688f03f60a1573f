/**
 * What one pod, and all pods of a node together, may ask of a node. A pod past one of these is closed and reported; the
 * others go on. All are far above what people write and far below what makes a node slow.
 */
export interface Budgets {
  /** Rules, exceptions included, of all policies that select a pod. */
  readonly rulesPerPod: number;
  /** Address blocks that those name, with their exceptions. */
  readonly blocksPerPod: number;
  /**
   * Blocks that overlap cost more than blocks that do not: the pieces into which a pod's blocks cut all addresses, each
   * counted as often as there are blocks that hold it.
   */
  readonly piecesPerPod: number;
  /** The product of rules and pieces: every rule is asked about every piece. */
  readonly comparisonsPerPod: number;
  /** The same, of all pods' blocks. */
  readonly piecesPerNode: number;
  /** What the kernel has to keep for a rule set, in elements. */
  readonly elementsPerRuleSet: number;
  readonly elementsPerNode: number;
  readonly ruleSetsPerNode: number;
}

export const defaultBudgets: Budgets = {
  rulesPerPod: 2_000,
  blocksPerPod: 20_000,
  piecesPerPod: 60_000,
  comparisonsPerPod: 20_000_000,
  piecesPerNode: 200_000,
  elementsPerRuleSet: 100_000,
  elementsPerNode: 500_000,
  ruleSetsPerNode: 5_000,
};
