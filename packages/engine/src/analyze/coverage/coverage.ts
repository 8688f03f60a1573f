import type { DecodedObjects } from "../../api/decode-objects.ts";
import { namespaceSelectors } from "../../explain/unknown/namespace-variation.ts";
import { type Cluster, namespaceNameLabel } from "../../model/cluster.ts";
import type { OtherObject } from "../../model/other-object.ts";

/** What became of an input: nothing that has a say is passed over without a word. */
export interface Coverage {
  readonly files: number;
  readonly objects: number;
  /** How many objects of each kind answers are made of. */
  readonly used: ReadonlyMap<string, number>;
  /** Those that were left out because of an error, by kind. */
  readonly leftOut: ReadonlyMap<string, number>;
  /** Those of kinds that have no say in who talks to whom. */
  readonly ignored: ReadonlyMap<string, number>;
  /** Those that may change answers, and that answers are not made of. */
  readonly others: readonly OtherObject[];
  /** Namespaces that are only named, where policies ask for labels of namespaces. */
  readonly undeclared: readonly string[];
  /** The keys that policies ask namespaces for, the name apart. */
  readonly namespaceKeys: readonly string[];
}

/** The coverage of an input of so many files, and of the cluster that was made of it. */
export function coverageOf(
  { objects, leftOut, ignored, others }: Pick<DecodedObjects, "objects" | "leftOut" | "ignored" | "others">,
  files: number,
  cluster: Cluster,
): Coverage {
  const used = new Map<string, number>();
  const routes = others.filter(({ role }) => role === "route" || role === "gateway" || role === "grant");
  for (const { kind } of [...objects, ...routes]) used.set(kind, (used.get(kind) ?? 0) + 1);
  const keys = new Set(namespaceSelectors(cluster).flatMap(({ requirements }) => requirements.map(({ key }) => key)));
  keys.delete(namespaceNameLabel);
  const inUse = new Set(cluster.pods.map(({ namespace }) => namespace));
  const undeclared = [...cluster.namespaces.values()]
    .filter(({ name, declared }) => !declared && inUse.has(name))
    .map(({ name }) => name);
  return {
    files,
    objects: objects.length + routes.length,
    used,
    leftOut,
    ignored,
    others: others.filter((other) => !routes.includes(other)),
    undeclared: keys.size === 0 ? [] : undeclared,
    namespaceKeys: [...keys],
  };
}
