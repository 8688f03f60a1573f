import { setTimeout as delay } from "node:timers/promises";
import { decodeRaw } from "@podwall/engine";
import { type KubeClient, KubeError, resources } from "@podwall/kube";
import type { Fleet, FleetNode, NodeAnswer } from "./fleet.ts";
import { policyStatus } from "./fleet-status.ts";
import { policyKinds, writtenPolicies, writtenPolicy } from "./written-policies.ts";

/** What is waited for. */
export type WaitTarget =
  | { readonly kind: "Pod"; readonly namespace: string; readonly name: string }
  /** `kind` is the API's. */
  | { readonly kind: string; readonly namespace?: string; readonly name: string };

export interface WaitOptions {
  readonly client: KubeClient;
  readonly fleet: Fleet;
  /** Empty: all policies that are written now. */
  readonly targets: readonly WaitTarget[];
  readonly timeoutMs: number;
  /** Told what is still missing, whenever that changes. */
  readonly onMissing: (missing: readonly string[]) => void;
}

/** What a wait ended with. */
export type WaitResult =
  | { readonly kind: "enforced"; readonly what: readonly string[] }
  | { readonly kind: "not in time"; readonly missing: readonly string[] }
  | { readonly kind: "unknown"; readonly what: string };

/** Between two looks; more where there are many nodes to ask. */
const lookEveryMs = 200;
const lookEveryMsANode = 2;
/** Nodes and agents' pods come and go; they are looked for anew this often. */
const nodesHoldMs = 5_000;

/**
 * Waits until the newest version, as of now, of each target is enforced: a policy on every node, a pod on its own. Rejects
 * with a `KubeError` where the API server cannot be asked.
 */
export async function waitFor(options: WaitOptions): Promise<WaitResult> {
  const { client, fleet, timeoutMs, onMissing } = options;
  const { clock } = client;
  const until = clock.now() + timeoutMs;
  const signal = AbortSignal.timeout(timeoutMs + 10_000);
  const wanted = await wantedOf(options, signal);
  if (wanted.kind === "unknown") return wanted;
  let left = wanted.checks;
  let nodes = await fleet.nodes(signal);
  let nodesAt = clock.now();
  let told = "";
  for (;;) {
    const ask = askOnce(fleet, nodes, signal);
    const missing: string[] = [];
    const open: Check[] = [];
    for (const check of left) {
      const because = await check.missing(ask, signal);
      if (because.length > 0) open.push(check);
      missing.push(...because);
    }
    left = open;
    if (left.length === 0) return { kind: "enforced", what: wanted.checks.map(({ what }) => what) };
    if (told !== missing.join()) onMissing(missing);
    told = missing.join();
    const pauseMs = Math.max(lookEveryMs, nodes.length * lookEveryMsANode);
    if (clock.now() + pauseMs > until) return { kind: "not in time", missing };
    await delay(pauseMs);
    if (clock.now() - nodesAt > nodesHoldMs) [nodes, nodesAt] = [await fleet.nodes(signal), clock.now()];
  }
}

/** Asks one node's agent, or all. */
type Ask = (node?: string) => Promise<readonly NodeAnswer[]>;

/** Asks nobody twice. */
function askOnce(fleet: Fleet, nodes: readonly FleetNode[], signal: AbortSignal): Ask {
  let all: Promise<readonly NodeAnswer[]> | undefined;
  const one = new Map<string, Promise<readonly NodeAnswer[]>>();
  return (name) => {
    if (name === undefined) return (all ??= fleet.ask(nodes, signal));
    if (all !== undefined) return all;
    const asked =
      one.get(name) ??
      fleet.ask(
        nodes.filter((node) => node.name === name),
        signal,
      );
    one.set(name, asked);
    return asked;
  };
}

interface Check {
  readonly what: string;
  /** What is missing, in words; empty where nothing is. */
  missing(ask: Ask, signal: AbortSignal): Promise<readonly string[]>;
}

type Wanted = { readonly kind: "wanted"; readonly checks: readonly Check[] } | Extract<WaitResult, { kind: "unknown" }>;

async function wantedOf({ client, targets }: WaitOptions, signal: AbortSignal): Promise<Wanted> {
  if (targets.length === 0) {
    const all = await writtenPolicies(client, signal);
    return { kind: "wanted", checks: [...all.values()].map(policyCheck) };
  }
  const checks: Check[] = [];
  for (const target of targets) {
    const check =
      target.kind === "Pod" ? await podCheck(client, target, signal) : await namedPolicy(client, target, signal);
    if (check === undefined) return { kind: "unknown", what: nameOf(target) };
    checks.push(check);
  }
  return { kind: "wanted", checks };
}

async function namedPolicy(client: KubeClient, target: WaitTarget, signal: AbortSignal): Promise<Check | undefined> {
  const { kind, namespace, name } = target;
  const watched = policyKinds.find((one) => one.kind === kind);
  if (watched === undefined) throw new Error(`${kind} is no kind of policies`);
  const object = await orMissing(client.get(watched.resource, { namespace, name, signal }));
  return object === undefined ? undefined : policyCheck(writtenPolicy(kind, object));
}

function policyCheck(policy: ReturnType<typeof writtenPolicy>): Check {
  const what = nameOf(policy);
  return {
    what,
    missing: async (ask) => {
      const { missing } = policyStatus(policy, await ask());
      return missing.map(({ node, because }) => `${what} on ${node}: ${because}`);
    },
  };
}

async function podCheck(client: KubeClient, target: WaitTarget, signal: AbortSignal): Promise<Check | undefined> {
  const { namespace, name } = target;
  const what = nameOf(target);
  const get = (within: AbortSignal) => orMissing(client.get(resources.pods, { namespace, name, signal: within }));
  if ((await get(signal)) === undefined) return undefined;
  return {
    what,
    missing: async (ask, within) => {
      // Read each time: it gets its node and addresses only after it is written.
      const raw = await get(within);
      if (raw === undefined) return [`${what}: it is gone`];
      const { object: pod } = decodeRaw(raw, { apiVersion: "v1", kind: "Pod" });
      if (pod?.kind !== "Pod") return [`${what}: it cannot be read`];
      if (pod.hostNetwork) return [];
      if (pod.node === undefined) return [`${what}: it has no node yet`];
      if (pod.addresses.length === 0) return [`${what}: it has no address yet`];
      const because = whyPodMissing(
        { key: `${namespace}/${name}`, node: pod.node, version: Number(raw.metadata.resourceVersion) },
        await ask(pod.node),
      );
      return because === undefined ? [] : [`${what} on ${pod.node}: ${because}`];
    },
  };
}

function whyPodMissing(
  pod: { readonly key: string; readonly node: string; readonly version: number },
  answers: readonly NodeAnswer[],
): string | undefined {
  const answered = answers.find(({ node }) => node === pod.node);
  if (answered === undefined || answered.kind === "no agent") return "it has no agent";
  if (answered.kind === "no answer") return answered.because;
  const { ready, because, pending, versions, closedPods } = answered.answer;
  const closed = closedPods.find((one) => one.pod === pod.key);
  if (closed !== undefined) return closed.because;
  if (!ready) return because ?? "its agent is not ready";
  if ((versions.get("pods") ?? 0) < pod.version) return "its agent does not know the pod as it is now yet";
  return pending ? "its agent is putting a change in force" : undefined;
}

/** As people write it: `networkpolicy shop/web`. */
function nameOf({ kind, namespace, name }: { kind: string; namespace?: string; name: string }): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

async function orMissing<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof KubeError && error.status?.code === 404) return undefined;
    throw error;
  }
}
