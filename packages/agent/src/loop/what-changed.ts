import { listDifferences } from "@podwall/engine";
import { policyKey } from "../source/source.ts";
import type { Applied, PolicyState } from "./agent-state.ts";

/** So many names are written out. */
const mostNames = 5;

/**
 * What of the API made a change of the kernel's rules, in words for the log: policies and this node's pods that came (+), went
 * (-) or are others now (~). Both are absent where it was something else: other nodes' pods, labels, addresses.
 */
export function whatChanged(
  before: Applied | undefined,
  now: Applied,
): { readonly policies?: string; readonly pods?: string } {
  if (before === undefined) return {};
  const { gone, came } = listDifferences(before.policies, now.policies);
  const policies = differences(policyMarks(gone), policyMarks(came));
  const arePodsSame = before.podOf === now.podOf && isEqual(before.closedPods, now.closedPods);
  const pods = arePodsSame ? "" : differences(podMarks(before), podMarks(now));
  return { ...(policies === "" ? {} : { policies }), ...(pods === "" ? {} : { pods }) };
}

type Marks = ReadonlyMap<string, string>;

function policyMarks(policies: readonly PolicyState[]): Marks {
  return new Map(
    policies.map((policy) => [
      policyKey(policy),
      `${policy.generation ?? ""} ${policy.enforced} ${policy.because ?? ""}`,
    ]),
  );
}

function isEqual(one: Marks, other: Marks): boolean {
  return one.size === other.size && [...one].every(([name, mark]) => other.get(name) === mark);
}

function podMarks({ podOf, closedPods }: Applied): Marks {
  const marks = new Map<string, string>();
  for (const [address, pod] of podOf) marks.set(pod, `${marks.get(pod) ?? ""} ${address}`);
  for (const [pod, because] of closedPods) marks.set(pod, `${marks.get(pod) ?? ""} ${because}`);
  return marks;
}

function differences(before: Marks, now: Marks): string {
  const names: string[] = [];
  for (const [name, mark] of now) {
    const old = before.get(name);
    if (old !== mark) names.push(`${old === undefined ? "+" : "~"}${name}`);
  }
  for (const name of before.keys()) if (!now.has(name)) names.push(`-${name}`);
  const more = names.length - mostNames;
  return [...names.slice(0, mostNames), ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}
