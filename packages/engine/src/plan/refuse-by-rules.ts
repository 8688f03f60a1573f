import { podKey } from "../model/pod.ts";
import type { Budgets } from "./budgets.ts";
import { type AnyPolicy, costOf, piecesOf } from "./policy-cost.ts";
import type { PoliciesByPod } from "./policies-by-pod.ts";

/** Pods of one node whose policies are the same. */
interface Group {
  readonly pods: string[];
  readonly policies: readonly AnyPolicy[];
}

/**
 * The pods whose policies, `policies` together, ask too much of a node, with the reason, found before anything is worked out. Where all are
 * modest and their sum is not, those that ask most are refused, as few as will do.
 */
export function refuseByRules(
  byPod: PoliciesByPod,
  policies: ReadonlySet<AnyPolicy>,
  budgets: Budgets,
): ReadonlyMap<string, string> {
  const refused = new Map<string, string>();
  // Where all policies together are within what one pod may have, each pod is.
  if (excessOf([...policies], budgets) === undefined) return refused;
  const modest: Group[] = [];
  for (const group of groupsOf(byPod)) {
    const excess = excessOf(group.policies, budgets);
    if (excess === undefined) modest.push(group);
    else for (const key of group.pods) refused.set(key, excess);
  }
  for (const { group, because } of largestOf(modest, budgets)) for (const key of group.pods) refused.set(key, because);
  return refused;
}

function groupsOf(byPod: PoliciesByPod): readonly Group[] {
  const numbers = new Map<AnyPolicy, number>();
  for (const policies of byPod.values())
    for (const policy of policies) numbers.set(policy, numbers.get(policy) ?? numbers.size);
  const groups = new Map<string, Group>();
  for (const [pod, policies] of byPod) {
    const key = podKey(pod);
    const text = policies.map((policy) => numbers.get(policy)).join(" ");
    const known = groups.get(text);
    if (known === undefined) groups.set(text, { pods: [key], policies });
    else known.pods.push(key);
  }
  return [...groups.values()];
}

/** What policies ask too much of for one pod, in words. */
function excessOf(policies: readonly AnyPolicy[], budgets: Budgets): string | undefined {
  let [rules, blocks] = [0, 0];
  for (const policy of policies) {
    const cost = costOf(policy);
    rules += cost.rules;
    blocks += cost.blocks;
  }
  if (rules > budgets.rulesPerPod) {
    return tooMany(`its policies have ${rules} rules`, policies, "rules", budgets.rulesPerPod);
  }
  if (blocks > budgets.blocksPerPod) {
    return tooMany(`its policies name ${blocks} address blocks`, policies, "blocks", budgets.blocksPerPod);
  }
  // Blocks that all hold each other make the most pieces of all.
  const most = 2 * blocks * (blocks + 1);
  if (most <= budgets.piecesPerPod && rules * most <= budgets.comparisonsPerPod) return undefined;
  const pieces = piecesOf(policies);
  if (pieces > budgets.piecesPerPod) {
    const what = `the address blocks of its policies overlap ${pieces} times`;
    return tooMany(what, policies, "blocks", budgets.piecesPerPod);
  }
  if (rules * pieces <= budgets.comparisonsPerPod) return undefined;
  const what = `its policies have ${rules} rules over ${pieces} pieces of addresses`;
  return tooMany(what, policies, "rules", Math.floor(budgets.comparisonsPerPod / pieces));
}

function tooMany(what: string, policies: readonly AnyPolicy[], of: "rules" | "blocks", limit: number): string {
  const most = policies.reduce((a, b) => (costOf(b)[of] > costOf(a)[of] ? b : a));
  return `${what}, most in ${nameOf(most)}; ${limit} are accepted`;
}

function nameOf(policy: AnyPolicy): string {
  return policy.kind === "NetworkPolicy"
    ? `${policy.kind} ${policy.namespace}/${policy.name}`
    : `${policy.kind} ${policy.name}`;
}

function largestOf(
  groups: readonly Group[],
  { piecesPerNode }: Budgets,
): readonly { readonly group: Group; readonly because: string }[] {
  const piecesWithout = (some: readonly Group[]): number => piecesOf(new Set(some.flatMap(({ policies }) => policies)));
  const total = piecesWithout(groups);
  if (total <= piecesPerNode) return [];
  const sorted = groups
    .map((group) => ({ group, pieces: piecesOf(group.policies) }))
    .sort((a, b) => b.pieces - a.pieces || ((a.group.pods[0] as string) < (b.group.pods[0] as string) ? -1 : 1));
  let low = 1;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (piecesWithout(sorted.slice(middle).map(({ group }) => group)) <= piecesPerNode) high = middle;
    else low = middle + 1;
  }
  return sorted.slice(0, low).map(({ group, pieces }) => ({
    group,
    because: `the address blocks of this node's policies overlap ${total} times, ${pieces} of them its own; ${piecesPerNode} are accepted`,
  }));
}
