import type { NetworkPolicy } from "../model/network-policy.ts";
import { type Pod, podKey } from "../model/pod.ts";
import type { Budgets } from "./budgets.ts";
import { namedChanges } from "./cluster-changes.ts";
import type { ClusterState } from "./cluster-state.ts";
import { canBeForeseen } from "./can-be-foreseen.ts";
import { haveSameKeys } from "./have-same-keys.ts";
import { PoliciesByNamespace } from "./policies-by-namespace.ts";
import { type PoliciesByPod, policiesByPod } from "./policies-by-pod.ts";
import type { AnyPolicy } from "./policy-cost.ts";
import { refuseByRules } from "./refuse-by-rules.ts";

/** A node's policies, and the pods whose policies ask too much, with the reason. */
export interface Selected {
  /** Those that judge some local pod. */
  readonly judging: ReadonlySet<AnyPolicy>;
  /** Those, and others that may judge one before long. The same set for the same policies. */
  readonly foreseen: ReadonlySet<AnyPolicy>;
  readonly refused: ReadonlyMap<string, string>;
}

/** Where what is foreseen comes from: all policies of some namespaces, and some others. */
interface Sources {
  readonly namespaces: ReadonlySet<readonly NetworkPolicy[]>;
  readonly policies: ReadonlySet<AnyPolicy>;
}

interface Last {
  readonly cluster: ClusterState;
  readonly local: readonly Pod[];
  readonly selected: Selected & { readonly sources: Sources };
}

/** Chooses a node's policies. Worked out again where policies, namespaces or local pods are others. */
export class PolicySelection {
  readonly #budgets: Budgets;
  readonly #byNamespace = new PoliciesByNamespace();
  #last: Last | undefined;

  constructor(budgets: Budgets) {
    this.#budgets = budgets;
  }

  of(cluster: ClusterState, local: readonly Pod[]): Selected {
    const last = this.#last;
    const isAsBefore =
      last !== undefined &&
      isSame(last.local, local) &&
      isSame(last.cluster.policies, cluster.policies) &&
      isSame(last.cluster.clusterPolicies, cluster.clusterPolicies) &&
      namedChanges(last.cluster.namespaces, cluster.namespaces).length === 0;
    const selected = isAsBefore ? last.selected : this.#select(cluster, local);
    this.#last = { cluster, local, selected };
    return selected;
  }

  #select(cluster: ClusterState, local: readonly Pod[]): Last["selected"] {
    const byNamespace = this.#byNamespace.of(cluster.policies);
    const byPod = policiesByPod(cluster, byNamespace, local);
    const policies = policiesOf(byPod, noneRefused);
    const refused = refuseByRules(byPod, policies, this.#budgets);
    const judging = refused.size === 0 ? policies : policiesOf(byPod, refused);
    const sources = sourcesOf(local, byPod, byNamespace, refused);
    const last = this.#last?.selected;
    const isForeseenAlike =
      last !== undefined &&
      haveSameKeys(last.sources.namespaces, sources.namespaces) &&
      haveSameKeys(last.sources.policies, sources.policies);
    return { judging, foreseen: isForeseenAlike ? last.foreseen : foreseenBy(sources), sources, refused };
  }
}

const noneRefused: Selected["refused"] = new Map();

/** For pods that are not refused: their namespaces' policies where those can be foreseen, else those that judge them. */
function sourcesOf(
  local: readonly Pod[],
  byPod: PoliciesByPod,
  byNamespace: ReadonlyMap<string, readonly NetworkPolicy[]>,
  refused: Selected["refused"],
): Sources {
  const namespaces = new Set<readonly NetworkPolicy[]>();
  const policies = new Set<AnyPolicy>();
  for (const pod of local) {
    if (refused.size > 0 && refused.has(podKey(pod))) continue;
    const own = byNamespace.get(pod.namespace) ?? none;
    const isForeseen = namespaces.has(own) || canBeForeseen(own);
    if (isForeseen) namespaces.add(own);
    for (const policy of byPod.get(pod) ?? none) {
      if (!isForeseen || policy.kind !== "NetworkPolicy") policies.add(policy);
    }
  }
  return { namespaces, policies };
}

const none: readonly never[] = [];

function foreseenBy({ namespaces, policies }: Sources): ReadonlySet<AnyPolicy> {
  const foreseen = new Set(policies);
  for (const own of namespaces) for (const policy of own) foreseen.add(policy);
  return foreseen;
}

/** All that have a say on pods that are not refused. */
function policiesOf(byPod: PoliciesByPod, refused: Selected["refused"]): ReadonlySet<AnyPolicy> {
  const all = new Set<AnyPolicy>();
  byPod.forEach((policies, pod) => {
    if (refused.size > 0 && refused.has(podKey(pod))) return;
    for (const policy of policies) all.add(policy);
  });
  return all;
}

function isSame<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((item, index) => item === b[index]));
}
