import type { NetworkPolicy } from "../model/network-policy.ts";
import { costOf } from "./policy-cost.ts";

/** Where the policies of a namespace ask more than this together, none of them is foreseen. */
const mostAskedByNamespace = 256;

/** Whether the policies of a namespace ask so little that they can be answered before one of them has a say. */
export function canBeForeseen(policies: readonly NetworkPolicy[]): boolean {
  let isFew = known.get(policies);
  if (isFew === undefined) known.set(policies, (isFew = askedBy(policies) <= mostAskedByNamespace));
  return isFew;
}

const known = new WeakMap<readonly NetworkPolicy[], boolean>();

function askedBy(policies: readonly NetworkPolicy[]): number {
  let asked = 0;
  for (const policy of policies) {
    const { peers, blocks } = costOf(policy);
    asked += peers + blocks;
  }
  return asked;
}
