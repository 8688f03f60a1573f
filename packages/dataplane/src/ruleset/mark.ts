/**
 * The bits of the conntrack mark that podwall owns. An epoch is the value of those bits: 1 to `maxEpoch`; 0 is a
 * connection that podwall has not approved.
 */
export interface MarkBits {
  /** Position of the lowest bit. */
  readonly shift: number;
  readonly bits: number;
}

/** The upper half: kube-proxy, CNI plugins and meshes use the lower bits of marks. */
export const defaultMarkBits: MarkBits = { shift: 16, bits: 16 };

/** The last epoch before marks must be cleared. */
export function maxEpoch(mark: MarkBits): number {
  return 2 ** mark.bits - 1;
}

export function markMask(mark: MarkBits): number {
  return maxEpoch(mark) * 2 ** mark.shift;
}

/** The mark bits of an epoch. */
export function markValue(mark: MarkBits, epoch: number): number {
  return epoch * 2 ** mark.shift;
}

/** A 32-bit number as nft reads it. */
export function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}
