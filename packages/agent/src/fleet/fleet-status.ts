import { policyKey } from "../source/source.ts";
import type { AgentAnswer } from "./agent-answer.ts";
import type { NodeAnswer } from "./fleet.ts";
import { type Written, type WrittenPolicy, policyKinds } from "./written-policies.ts";

/** What a cluster's agents enforce, beside what is written. */
export interface FleetStatus {
  readonly nodes: readonly NodeStatus[];
  readonly policies: readonly PolicyStatus[];
  readonly deletedPolicies: readonly DeletedPolicy[];
  readonly closedPods: readonly { readonly pod: string; readonly node: string; readonly because: string }[];
}

export interface NodeStatus {
  readonly node: string;
  readonly state: "ready" | "not ready" | "no answer" | "no agent";
  /** Why not, or of what a ready agent knows nothing new. */
  readonly because?: string;
  readonly localPods?: number;
  /** Times since the agent started that something else had changed the table. */
  readonly driftRepairs?: number;
}

export interface PolicyStatus extends WrittenPolicy {
  /** How many nodes enforce this generation, and of how many. */
  readonly enforcedOn: number;
  readonly of: number;
  /** The longest that a node took from the event to the kernel; absent where all had it from their start. */
  readonly latencyMs?: number;
  /** The other nodes, and why. */
  readonly missing: readonly { readonly node: string; readonly because: string }[];
}

/** A policy that is no longer written, and that nodes enforce still. */
export interface DeletedPolicy {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** Those nodes, and what keeps them. */
  readonly stillOn: readonly { readonly node: string; readonly because: string }[];
}

/**
 * Compares what is written with what the agents say. `since` is what is written after they have said it: what they enforce
 * and was not written before may be new.
 */
export function fleetStatus(written: Written, answers: readonly NodeAnswer[], since: Written = written): FleetStatus {
  return {
    nodes: answers.map(nodeStatus),
    policies: [...written.policies.values()].map((policy) => policyStatus(policy, answers)),
    deletedPolicies: deletedPolicies(answers, written, since),
    closedPods: answers.flatMap((one) =>
      one.kind === "answered" ? one.answer.closedPods.map((closed) => ({ ...closed, node: one.node })) : [],
    ),
  };
}

/** Whether everything written is enforced everywhere, and nothing else. */
export function isAllEnforced({ nodes, policies, deletedPolicies: deleted }: FleetStatus): boolean {
  const isAll = policies.every(({ missing }) => missing.length === 0);
  return isAll && deleted.length === 0 && nodes.every(({ state }) => state === "ready");
}

/** What nodes enforce that is written neither before they say so nor since. */
export function deletedPolicies(
  answers: readonly NodeAnswer[],
  written: Written,
  since: Written,
): readonly DeletedPolicy[] {
  const found = new Map<string, DeletedPolicy & { readonly stillOn: { node: string; because: string }[] }>();
  for (const one of answers) {
    if (one.kind !== "answered") continue;
    for (const [key, { kind, namespace, name }] of one.answer.policies) {
      if (written.policies.has(key) || since.policies.has(key)) continue;
      const named = namespace === undefined ? { kind, name } : { kind, namespace, name };
      const deleted = found.get(key) ?? { ...named, stillOn: [] };
      deleted.stillOn.push({ node: one.node, because: whyStill(one.answer, kind, since) });
      found.set(key, deleted);
    }
  }
  return [...found.values()];
}

/** Why an agent enforces what is deleted, as far as it can be told. */
export function whyStill({ because, stale, pending }: AgentAnswer, kind: string, written: Written | undefined): string {
  if (because !== undefined) return because;
  // It may be there in another version. Where the kind is gone agents let its policies go.
  if (written?.unserved.has(kind) === true) return `the API server does not serve ${kind} in the version that is read`;
  if (pending) return "its agent is putting a change in force";
  return stale.get(pluralOf(kind)) ?? "its agent was not told of the deletion yet";
}

export function policyStatus(policy: WrittenPolicy, answers: readonly NodeAnswer[]): PolicyStatus {
  const missing: { node: string; because: string }[] = [];
  const latencies: number[] = [];
  for (const one of answers) {
    const because = whyMissing(policy, one);
    if (because !== undefined) missing.push({ node: one.node, because });
    else if (one.kind === "answered") latencies.push(one.answer.policies.get(policyKey(policy))?.latencyMs ?? 0);
  }
  const latencyMs = Math.max(0, ...latencies);
  return {
    ...policy,
    enforcedOn: answers.length - missing.length,
    of: answers.length,
    ...(latencyMs === 0 ? {} : { latencyMs }),
    missing,
  };
}

/** Why a node does not enforce this generation of a policy; undefined where it does. */
function whyMissing(policy: WrittenPolicy, answered: NodeAnswer): string | undefined {
  if (answered.kind === "no agent") return "it has no agent";
  if (answered.kind === "no answer") return answered.because;
  const known = answered.answer.policies.get(policyKey(policy));
  const why = answered.answer.because ?? answered.answer.stale.get(pluralOf(policy.kind));
  if (known === undefined) return why ?? "its agent does not know this policy yet";
  if (known.uid !== undefined && known.uid !== policy.uid) {
    if (isTakenIn(policy, answered.answer)) return undefined;
    return "it enforces another policy of this name";
  }
  if ((known.generation ?? 0) < policy.generation) {
    const older = `it enforces generation ${known.generation ?? "?"}`;
    return why === undefined ? older : `${older}: ${why}`;
  }
  if (known.enforced === "as written") return undefined;
  const instead = known.enforced === "closed" ? "it closes the policy's pods" : "it enforces the last good version";
  return known.because === undefined ? instead : `${instead}: ${known.because}`;
}

/** Whether all that an agent was told is in force, and that was as late as this policy: then another one came after it. */
function isTakenIn({ kind, resourceVersion }: WrittenPolicy, { versions, pending }: AgentAnswer): boolean {
  return !pending && (versions.get(pluralOf(kind)) ?? 0) >= Number(resourceVersion);
}

function pluralOf(kind: string): string {
  return policyKinds.find((one) => one.kind === kind)?.resource.plural ?? "";
}

function nodeStatus(answered: NodeAnswer): NodeStatus {
  const { node } = answered;
  switch (answered.kind) {
    case "no agent":
      return { node, state: "no agent" };
    case "no answer":
      return { node, state: "no answer", because: answered.because };
    case "answered": {
      const { ready, because: notReady, stale, localPods, driftRepairs } = answered.answer;
      const because = notReady ?? stale.values().next().value;
      const why = because === undefined ? {} : { because };
      return { node, state: ready ? "ready" : "not ready", ...why, localPods, driftRepairs };
    }
  }
}
