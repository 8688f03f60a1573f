import type { NetworkPolicy } from "../../model/network-policy.ts";
import type { Pod } from "../../model/pod.ts";
import { type Labels, type LabelSelector, formatSelector, selects } from "../../model/selector.ts";

/** Pods such as the policies of a namespace are written for: one for each of their selectors. No pod has such a name. */
export function standIns(policies: readonly NetworkPolicy[]): readonly Pod[] {
  const bySelector = new Map(policies.map(({ podSelector }) => [formatSelector(podSelector), podSelector]));
  return [...bySelector.values()].flatMap((podSelector, index) => {
    const labels = labelsFor(podSelector);
    return selects(podSelector, labels) ? [standIn(policies[0]?.namespace ?? "", index, labels)] : [];
  });
}

/** The labels that a selector asks for, and no more. */
function labelsFor({ requirements }: LabelSelector): Labels {
  const labels = new Map<string, string>();
  for (const { key, operator, values } of requirements) {
    if (operator === "In" && values[0] !== undefined) labels.set(key, values[0]);
    if (operator === "Exists" && !labels.has(key)) labels.set(key, "");
  }
  return labels;
}

function standIn(namespace: string, index: number, labels: Labels): Pod {
  return {
    kind: "Pod",
    namespace,
    name: `~${index}`,
    labels,
    hostNetwork: false,
    completed: false,
    addresses: [],
    ports: [],
  };
}

/** Whether a pod only stands for those that are not in the input. */
export function isStandIn({ name }: Pod): boolean {
  return name.startsWith("~");
}
