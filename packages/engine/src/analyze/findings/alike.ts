import type { Pod } from "../../model/pod.ts";

/** Pods by all that policies can tell apart, but for addresses. */
export function alikePods(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const groups = new Map<string, Pod[]>();
  for (const pod of pods) {
    const key = likeness(pod);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [pod]);
    else group.push(pod);
  }
  return groups;
}

/** One text for all pods that are alike. */
export function likeness({ namespace, workload, labels, ports, hostNetwork, scrape }: Pod): string {
  const owner = workload === undefined ? "" : `${workload.kind}/${workload.name}`;
  const own = [...labels].map(([key, value]) => `${key}=${value}`).sort();
  const numbers = ports.map(({ name = "", protocol, port }) => `${name}:${protocol}:${port}`);
  return [namespace, owner, hostNetwork, scrape?.port ?? "", ...own, "|", ...numbers].join(" ");
}
