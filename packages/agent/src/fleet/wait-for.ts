import { setTimeout as delay } from "node:timers/promises";
import type { KubeClient } from "@podwall/kube";
import { type Ask, type Check, nameOf } from "./check.ts";
import { deletionCheck, noDeletedCheck } from "./deletion-check.ts";
import type { Fleet, FleetNode, NodeAnswer } from "./fleet.ts";
import { podCheck } from "./pod-check.ts";
import { type PolicyTarget, getPolicy, policyCheck } from "./policy-check.ts";
import { writtenPolicies } from "./written-policies.ts";

/** What is waited for. */
export type WaitTarget = { readonly kind: "Pod"; readonly namespace: string; readonly name: string } | PolicyTarget;

export interface WaitOptions {
  readonly client: KubeClient;
  readonly fleet: Fleet;
  /** Empty: that all policies that are written now are enforced, and none that is deleted. */
  readonly targets: readonly WaitTarget[];
  /** What is to become of the targets. Only policies are waited for to be deleted. */
  readonly until: "enforced" | "deleted";
  readonly timeoutMs: number;
  /** Told what is still missing, whenever that changes. */
  readonly onMissing: (missing: readonly string[]) => void;
}

/** What a wait ended with. */
export type WaitResult =
  /** What is so now, a sentence for each target. */
  | { readonly kind: "done"; readonly what: readonly string[] }
  | { readonly kind: "not in time"; readonly missing: readonly string[] }
  | { readonly kind: "unknown"; readonly what: string };

/** Between two looks; more where there are many nodes to ask. */
const lookEveryMs = 200;
const lookEveryMsANode = 2;
/** Nodes and agents' pods come and go; they are looked for anew this often. */
const nodesHoldMs = 5_000;

/**
 * Waits until the newest version, as of now, of each target is enforced, a policy on every node, a pod on its own; or until
 * each is deleted and enforced nowhere. Rejects with a `KubeError` where the API server cannot be asked.
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
    if (left.length === 0) return { kind: "done", what: wanted.checks.flatMap(({ done }) => done ?? []) };
    if (told !== missing.join()) onMissing(missing);
    told = missing.join();
    const pauseMs = Math.max(lookEveryMs, nodes.length * lookEveryMsANode);
    if (clock.now() + pauseMs > until) return { kind: "not in time", missing };
    await delay(pauseMs);
    if (clock.now() - nodesAt > nodesHoldMs) [nodes, nodesAt] = [await fleet.nodes(signal), clock.now()];
  }
}

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

type Wanted = { readonly kind: "wanted"; readonly checks: readonly Check[] } | Extract<WaitResult, { kind: "unknown" }>;

async function wantedOf({ client, targets, until }: WaitOptions, signal: AbortSignal): Promise<Wanted> {
  if (targets.length === 0) {
    const all = await writtenPolicies(client, signal);
    return { kind: "wanted", checks: [...[...all.policies.values()].map(policyCheck), noDeletedCheck(client, all)] };
  }
  const checks: Check[] = [];
  for (const target of targets) {
    const check =
      until === "deleted"
        ? await deletionCheck(client, target, signal)
        : target.kind === "Pod"
          ? await podCheck(client, target, signal)
          : await namedPolicy(client, target, signal);
    if (check === undefined) return { kind: "unknown", what: nameOf(target) };
    checks.push(check);
  }
  return { kind: "wanted", checks };
}

async function namedPolicy(client: KubeClient, target: PolicyTarget, signal: AbortSignal): Promise<Check | undefined> {
  const policy = await getPolicy(client, target, signal);
  return policy === undefined ? undefined : policyCheck(policy);
}
