import type { GeneratedCluster } from "../generate/generated-cluster.ts";
import { Random } from "../generate/random.ts";
import type { YamlMap } from "../generate/yaml-text.ts";

/**
 * The cluster after a change of some of its policies, chosen by chance: every second is removed, the others lose the ports
 * of their rules and so are about all ports.
 */
export function changePolicies(cluster: GeneratedCluster, count: number): GeneratedCluster {
  const all = cluster.namespaces.flatMap(({ policies }) => policies);
  if (all.length < count) throw new Error(`the cluster has only ${all.length} policies`);
  const random = new Random("changed policies");
  const places = new Map<YamlMap, number>();
  while (places.size < count) {
    const policy = random.pick(all);
    if (!places.has(policy)) places.set(policy, places.size);
  }
  const changed = (policy: YamlMap): YamlMap[] => {
    const place = places.get(policy);
    if (place === undefined) return [policy];
    return place % 2 === 0 ? [] : [{ ...policy, spec: withoutPorts(policy["spec"] as YamlMap) }];
  };
  return {
    ...cluster,
    namespaces: cluster.namespaces.map((namespace) => ({
      ...namespace,
      policies: namespace.policies.flatMap(changed),
    })),
  };
}

function withoutPorts(spec: YamlMap): YamlMap {
  const rules = (direction: "ingress" | "egress"): YamlMap => {
    const own = spec[direction] as readonly YamlMap[] | undefined;
    return own === undefined ? {} : { [direction]: own.map((rule) => without(rule, "ports")) };
  };
  return { ...spec, ...rules("ingress"), ...rules("egress") };
}

function without(map: YamlMap, name: string): YamlMap {
  return Object.fromEntries(Object.entries(map).filter(([key]) => key !== name));
}
