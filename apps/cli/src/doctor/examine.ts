import { isIPv6 } from "node:net";
import type { KubeClient } from "@podwall/kube";
import type { DoctorReport } from "@podwall/report";
import type { DoctorNamespace } from "./doctor-namespace.ts";
import { doctorPolicies } from "./doctor-policies.ts";
import {
  clientPod,
  clients,
  livePod,
  liveClient,
  optionalClient,
  optionalServer,
  podNames,
  serverPod,
  servers,
} from "./doctor-pods.ts";
import { doctorTests } from "./doctor-tests.ts";
import { type Observation, type Outcome, isAsExpected, isUsable, judge } from "./judge.ts";
import { judgeFromOwnNode, judgeLive, judgeRemoved } from "./judge-others.ts";
import { opensAgain, startup } from "./later-tests.ts";
import { isSettled, observations, pollMs, probeKey, probes, roundsMs, roundsOf, withoutPolicies } from "./observe.ts";
import type { PodState } from "../probing/pod-state.ts";
import { started } from "./started.ts";

export interface ExamineOptions {
  readonly client: KubeClient;
  readonly namespace: DoctorNamespace;
  readonly image: string;
  /** For pods to start, images included. */
  readonly startMs: number;
  /** For what a policy says to be so everywhere. */
  readonly enforceMs: number;
  readonly say: (text: string) => void;
}

/**
 * Starts pods, tries all rows without policies, then with them, and tells what was seen. Rejects with a `KubeError`, also when
 * the namespace's signal is aborted, or with `CannotExamine`.
 */
export async function examine(options: ExamineOptions): Promise<DoctorReport> {
  const { client, namespace, image, startMs, enforceMs, say } = options;
  say("starting servers");
  await Promise.all(servers.map((name) => namespace.createPod(serverPod(name, image))));
  const serving = await started(
    namespace,
    servers.filter((name) => name !== optionalServer),
    startMs,
  );
  const addresses = new Map(serving.flatMap(({ name, ip }) => (ip === undefined ? [] : [[name, ip] as const])));
  // It is there, or its probes say that it is not: any address does.
  if (!addresses.has(optionalServer)) addresses.set(optionalServer, addresses.get("free") ?? "");

  say("starting clients");
  const names = clients.flatMap(podNames);
  for (const role of clients) {
    const own = probes.filter(({ from }) => from === role.name);
    for (const name of podNames(role))
      await namespace.createPod(clientPod({ name, role: role.name, image, probes: own, addresses }));
  }
  await namespace.createPod(livePod(image, addresses.get("live-server") ?? ""));
  const running = await started(
    namespace,
    names.filter((name) => name !== optionalClient),
    startMs,
  );
  say("trying everything without policies");
  const before = await withoutPolicies(namespace, names);

  say("trying everything with policies");
  const marks = new Map([...before].map(([name, rounds]) => [name, rounds.length + 1]));
  for (const policy of doctorPolicies(namespace.name, addressesByRole(running))) await namespace.createPolicy(policy);
  const look = async (): Promise<readonly Observation[]> => {
    const rounds = await roundsOf(namespace, names);
    return observations(running, before, (name) => (rounds.get(name) ?? []).slice(marks.get(name)));
  };
  let seen = await look();
  const deadline = Date.now() + enforceMs + roundsMs;
  while (!isSettled(seen) && Date.now() < deadline) {
    await namespace.pause(pollMs);
    seen = await look();
  }
  // For what is no matter of new connections.
  await namespace.pause(5_000);
  seen = await look();

  const outcomes = new Map<string, Outcome>();
  const own = (id: string) => new Set(doctorTests.find((test) => test.id === id)?.probes.map(probeKey));
  const of = (id: string) => seen.filter(({ probe }) => own(id).has(probeKey(probe)));
  const isEnforcing = of("default-deny").every((one) => isUsable(one) && isAsExpected(one));
  for (const test of doctorTests)
    if (test.probes.length > 0) outcomes.set(test.id, judge(test, of(test.id), isEnforcing));
  const live = await namespace.rounds(liveClient);
  const liveBefore = before.get(liveClient) ?? [];
  outcomes.set("live-connection", judgeLive(liveBefore, live.slice(liveBefore.length + 1), isEnforcing));
  const closed = (await namespace.pods()).find(({ name }) => name === "closed");
  outcomes.set("from-own-node", judgeFromOwnNode(closed?.isReady === true, isEnforcing));
  say("starting pods that are isolated from their start");
  outcomes.set("startup-race", await startup(namespace, image, addresses));
  say("removing a policy");
  const isIngress = outcomes.get("ingress")?.verdict === "ok";
  outcomes.set("removed", judgeRemoved(isIngress, isIngress && (await opensAgain(namespace, enforceMs))));

  return {
    cluster: client.access.name,
    version: await versionOf(client),
    nodes: [...new Set(running.flatMap(({ node }) => (node === undefined ? [] : [node])))].sort(),
    ipFamily: isIPv6(addresses.get("free") ?? "") ? "6" : "4",
    image,
    rows: doctorTests.map(({ id, title, says, reference }) => {
      const outcome: Outcome = outcomes.get(id) ?? { verdict: "unknown", seen: "was not tried" };
      return { id, title, says, ...outcome, reference };
    }),
  };
}

async function versionOf(client: KubeClient): Promise<string> {
  const { gitVersion } = (await client.call({ path: "/version" })) as { readonly gitVersion?: unknown };
  return typeof gitVersion === "string" ? gitVersion : "unknown";
}

function addressesByRole(pods: readonly PodState[]): ReadonlyMap<string, readonly string[]> {
  const byRole = new Map<string, string[]>();
  for (const { role, ip } of pods) if (ip !== undefined) byRole.set(role, [...(byRole.get(role) ?? []), ip]);
  return byRole;
}
