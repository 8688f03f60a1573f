import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Address,
  type ApiObject,
  type Cluster,
  type Connection,
  decodeRaw,
  formatAddress,
  verdict,
} from "../../packages/engine/src/index.ts";
import { type KubeObject, type Resource, resources } from "../../packages/kube/src/index.ts";
import { placeOfPod, podAddresses } from "../../packages/lab/src/index.ts";
import type { ProbeOutcome } from "../../packages/lab/src/pod/messages.ts";
import { AgentCluster } from "./support/agent-cluster.ts";
import type { AgentNode } from "./support/agent-node.ts";
import { type Acknowledged, ApiTimeline, type TimelineKind } from "./support/api-timeline.ts";
import { buildTimeoutMs, kubeLacking, withKubernetes } from "./support/kube-binaries.ts";
import { lacking, withPackets } from "./support/lacking.ts";
import { randomFrom } from "./support/random-history.ts";

const seconds = Number(process.env.PODWALL_TEST_BETWEEN_SECONDS ?? 30);
const seed = Number(process.env.PODWALL_TEST_SEED ?? Date.now() % 2 ** 31);

const apps = ["a", "b", "c"] as const;
const teams = ["red", "blue"] as const;
const namespaces = ["x", "y"] as const;
const probers = 6;
/** Time for a second SYN, so that an attempt whose first one was dropped shows what holds a second later. */
const probeTimeoutMs = 2_500;
/** Of writes that no node has acknowledged: as many states are judged by the evaluator as these make. */
const mostOpenWrites = 6;

const kindOf: Readonly<
  Record<TimelineKind, { readonly resource: Resource; readonly apiVersion: string; readonly kind: string }>
> = {
  pods: { resource: resources.pods, apiVersion: "v1", kind: "Pod" },
  namespaces: { resource: resources.namespaces, apiVersion: "v1", kind: "Namespace" },
  networkpolicies: { resource: resources.networkPolicies, apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" },
};

interface Revision {
  readonly revision: number;
}

interface Attempt {
  readonly source: string;
  readonly destination: string;
  readonly protocol: "TCP" | "UDP";
  readonly address: Address;
  readonly from: Readonly<Record<string, Acknowledged>>;
  readonly to: Acknowledged;
  readonly outcome: ProbeOutcome;
}

describe.skipIf(lacking !== undefined || kubeLacking !== undefined)(
  withPackets(withKubernetes("between two states of an API")),
  () => {
    let cluster: AgentCluster;
    let timeline: ApiTimeline;
    let acknowledged: Record<string, Acknowledged>;
    const random = randomFrom(seed);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

    beforeAll(async () => {
      cluster = await AgentCluster.open();
      for (const name of namespaces) await cluster.namespace(name, { team: pick(teams) });
      for (const [index, name] of ["one", "two", "three", "four"].entries()) {
        const node = (index % 2) + 1;
        const addresses = podAddresses(node, index + 1);
        await cluster.pod({
          namespace: pick(namespaces),
          name,
          node: `node-${node}`,
          labels: { app: pick(apps) },
          addresses,
        });
      }
      for (const node of cluster.nodes) node.start(["--pod-interface-prefix", "pw", "--deny", "reject"]);
      for (const node of cluster.nodes) await node.until("ready", ({ ready }) => ready);
      const truth = await cluster.truth();
      await cluster.lab.arrange(truth);
      await cluster.settle();
      const byName = (objects: readonly { readonly namespace?: string; readonly name: string }[]) =>
        new Map(objects.map((object) => [keyOf(object), object as ApiObject]));
      const now = await cluster.truth();
      timeline = new ApiTimeline(
        {
          pods: byName(now.pods),
          namespaces: byName([...now.namespaces.values()]),
          networkpolicies: byName(now.policies),
        },
        [...now.nodes.values()],
      );
      acknowledged = Object.fromEntries(cluster.nodes.map(({ name }) => [name, timeline.end]));
    }, buildTimeoutMs);
    afterAll(() => cluster?.close());

    /** Writes, and keeps what the API server then has. */
    async function write(
      kind: TimelineKind,
      key: string,
      planned: object | undefined,
      send: () => Promise<KubeObject | Revision>,
    ): Promise<void> {
      const { apiVersion, kind: name } = kindOf[kind];
      const { object } = planned === undefined ? { object: undefined } : decodeRaw(planned, { apiVersion, kind: name });
      const done = timeline.begin(kind, key, object);
      const answer = await send();
      if (!("metadata" in answer)) return done(answer.revision);
      const { object: stored } = decodeRaw(answer, { apiVersion, kind: name });
      expect(stored, "what the API server stored").toEqual(object);
      done(Number(answer.metadata.resourceVersion));
    }

    /** One write of a kind that agents follow. */
    async function step(): Promise<void> {
      const { admin } = cluster.api;
      const policies = [...timeline.newest("networkpolicies").keys()].filter((key) => !key.startsWith("marks/"));
      switch (pick(["relabel", "relabel", "policy", "policy", "edit", "drop", "namespace"])) {
        case "relabel": {
          const pods = (await admin.call({ path: "/api/v1/pods" })) as { readonly items: readonly KubeObject[] };
          const pod = pick(pods.items.filter(({ metadata }) => metadata.namespace !== "marks"));
          const { name, namespace = "" } = pod.metadata;
          const labels = { app: pick(apps) };
          const planned = { ...pod, metadata: { ...pod.metadata, labels } };
          const at = { namespace, name };
          return write("pods", `${namespace}/${name}`, planned, () =>
            admin.patch(resources.pods, { metadata: { labels } }, at),
          );
        }
        case "namespace": {
          const name = pick(namespaces);
          // The API server adds a label of its own.
          const labels = { team: pick(teams), "kubernetes.io/metadata.name": name };
          const planned = { metadata: { name, labels } };
          return write("namespaces", name, planned, () =>
            admin.patch(resources.namespaces, { metadata: { labels } }, { name }),
          );
        }
        case "drop": {
          if (policies.length === 0) return;
          const key = pick(policies);
          const [namespace = "", name = ""] = key.split("/");
          return write("networkpolicies", key, undefined, async () => {
            // The revision of a deletion is in its answer, which the client leaves unread: the next write is after it.
            await admin.delete(resources.networkPolicies, { namespace, name });
            const mark = await admin.patch(
              resources.networkPolicies,
              { metadata: { labels: { after: name } } },
              { namespace: "marks", name: "mark" },
            );
            return { revision: Number(mark.metadata.resourceVersion) };
          });
        }
        default: {
          const edited = policies.length > 5 || (policies.length > 0 && random() < 0.4) ? pick(policies) : undefined;
          const key = edited ?? `${pick(namespaces)}/policy-${Math.floor(random() * 1e6)}`;
          const [namespace = "", name = ""] = key.split("/");
          const spec = policySpec();
          const planned = { metadata: { namespace, name }, spec };
          return write("networkpolicies", key, planned, () =>
            edited === undefined
              ? admin.create(resources.networkPolicies, { metadata: { name }, spec }, { namespace })
              : admin.patch(resources.networkPolicies, [{ op: "replace", path: "/spec", value: spec }], {
                  namespace,
                  name,
                  type: "json",
                }),
          );
        }
      }
    }

    function policySpec(): object {
      const policyTypes = pick([["Ingress"], ["Egress"], ["Ingress", "Egress"]]);
      const peer = (): object =>
        pick([
          { podSelector: { matchLabels: { app: pick(apps) } } },
          { namespaceSelector: { matchLabels: { team: pick(teams) } } },
          { namespaceSelector: {}, podSelector: { matchLabels: { app: pick(apps) } } },
        ]);
      const rules = (peers: string): object[] => pick([[], [{ [peers]: [peer()] }], [{ [peers]: [peer(), peer()] }]]);
      return {
        podSelector: pick([{}, { matchLabels: { app: pick(apps) } }]),
        policyTypes,
        ingress: policyTypes.includes("Ingress") ? rules("from") : null,
        egress: policyTypes.includes("Egress") ? rules("to") : null,
      };
    }

    async function acknowledge(): Promise<void> {
      await Promise.all(
        cluster.nodes.map(async (node: AgentNode) => {
          const state = await node.state();
          acknowledged[node.name] = timeline.acknowledgedBy(state, acknowledged[node.name] as Acknowledged);
        }),
      );
    }

    it(`each end judges by a state between the last that its node has in force and the newest, for ${seconds} s (seed ${seed})`, async () => {
      const until = Date.now() + seconds * 1000;
      const attempts: Attempt[] = [];
      const { pods } = await cluster.truth();
      const ends = pods.filter(({ namespace }) => namespace !== "marks");
      const probe = async (): Promise<void> => {
        while (Date.now() < until) {
          const [source, destination] = [pick(ends), pick(ends)];
          if (source === destination) continue;
          const address = pick(destination.addresses);
          const protocol = pick(["TCP", "UDP"] as const);
          const process = await cluster.lab.process(placeOfPod(source));
          const from = { ...acknowledged };
          const [answer] = await process.ask("probe", {
            probes: [
              {
                protocol,
                address: formatAddress(address),
                port: 80,
                expect: keyOf(destination),
                timeoutMs: probeTimeoutMs,
              },
            ],
            concurrency: 1,
          });
          if (answer === undefined) throw new Error("a probe has no answer");
          const names = { source: keyOf(source), destination: keyOf(destination) };
          attempts.push({ ...names, protocol, address, from, to: timeline.end, outcome: answer.outcome });
        }
      };
      const openWrites = (): number => {
        const { end } = timeline;
        const lags = Object.values(acknowledged).map(
          (node) =>
            end.pods - node.pods + (end.namespaces - node.namespaces) + (end.networkpolicies - node.networkpolicies),
        );
        return Math.max(...lags);
      };
      let held: AgentNode | undefined;
      let writes = 0;
      const change = async (): Promise<void> => {
        while (Date.now() < until) {
          await acknowledge();
          if (openWrites() < mostOpenWrites) {
            await step();
            writes++;
          } else if (held !== undefined) {
            held.way.open();
            held = undefined;
          }
          if (held === undefined && random() < 0.05) {
            held = pick(cluster.nodes);
            held.way.hold();
          }
          await new Promise((resolve) => setTimeout(resolve, random() * 150));
        }
        held?.way.open();
      };
      const watch = async (): Promise<void> => {
        while (Date.now() < until) {
          await acknowledge();
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      };
      await Promise.all([change(), watch(), ...Array.from({ length: probers }, probe)]);
      const wrong = attempts.filter((attempt) => !isPossible(attempt)).map(describeAttempt);
      const moving = attempts.filter(({ from, to }) =>
        Object.values(from).some((node) => Object.entries(to).some(([kind, end]) => node[kind as TimelineKind] < end)),
      );
      const open = attempts.filter(({ outcome }) => outcome === "open").length;
      process.stderr.write(
        `${attempts.length} connections tried (${open} made) during ${writes} writes, ${moving.length} of them while a node lagged: ${wrong.length} not explained\n`,
      );
      expect(wrong).toEqual([]);
      expect(moving.length).toBeGreaterThan(attempts.length / 20);
      expect(open).toBeGreaterThan(0);
      expect(open).toBeLessThan(attempts.length);
    });

    function isPossible(attempt: Attempt): boolean {
      const egress = answersOf(attempt, attempt.source, "egress");
      const ingress = answersOf(attempt, attempt.destination, "ingress");
      // Made: each end let it through at some time. Not made: one of them did not, at some time.
      return attempt.outcome === "open"
        ? egress.has(true) && ingress.has(true)
        : egress.has(false) || ingress.has(false);
    }

    /** What an end may have said of an attempt while it lasted. */
    function answersOf(attempt: Attempt, end: string, direction: "egress" | "ingress"): ReadonlySet<boolean> {
      const answers = new Set<boolean>();
      const node = nodeOf(end);
      for (const state of timeline.between(attempt.from[node] as Acknowledged, attempt.to)) {
        answers.add(verdict(state, connectionIn(state, attempt))[direction].allowed);
        if (answers.size === 2) break;
      }
      return answers;
    }

    function nodeOf(pod: string): string {
      const found = timeline.newest("pods").get(pod);
      return found?.kind === "Pod" ? (found.node ?? "") : "";
    }
  },
);

function connectionIn({ pods }: Cluster, { source, destination, protocol, address }: Attempt): Connection {
  const [from, to] = [source, destination].map((key) => pods.find((pod) => keyOf(pod) === key));
  const own = from?.addresses.find(({ family }) => family === address.family);
  if (from === undefined || to === undefined || own === undefined) throw new Error("a pod of an attempt is gone");
  return {
    source: { kind: "pod", pod: from, address: own },
    destination: { kind: "pod", pod: to, address },
    protocol,
    port: 80,
  };
}

function describeAttempt({ source, destination, protocol, address, outcome, from, to }: Attempt): string {
  return `${source} -> ${destination} ${formatAddress(address)} ${protocol}: ${outcome}, ${JSON.stringify({ from, to })}`;
}

function keyOf({ namespace, name }: { readonly namespace?: string; readonly name: string }): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
