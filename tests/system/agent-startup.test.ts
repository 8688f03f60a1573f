import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cluster, type Pod, formatAddress } from "../../packages/engine/src/index.ts";
import { type Place, type ProbeOrder, placeOfPod, podAddresses } from "../../packages/lab/src/index.ts";
import { AgentCluster } from "./support/agent-cluster.ts";
import { buildTimeoutMs, kubeLacking, withKubernetes } from "./support/kube-binaries.ts";
import { lacking, withPackets } from "./support/lacking.ts";
import { SeenPackets } from "./support/seen-packets.ts";

const starts = Number(process.env.PODWALL_TEST_STARTS ?? 60);

/** `friend` may reach the server; `stranger` is not let in by it; `shut` may send nothing. */
const roles = ["friend", "stranger", "shut"] as const;
type Role = (typeof roles)[number];

describe.skipIf(lacking !== undefined || kubeLacking !== undefined)(
  withPackets(withKubernetes("pods that send as soon as they can")),
  () => {
    let cluster: AgentCluster;
    let base: Cluster;
    let seen: SeenPackets;
    let server: Pod;
    let count = 0;
    let before: string | undefined;

    beforeAll(async () => {
      cluster = await AgentCluster.open();
      await cluster.namespace("shop");
      const addresses = podAddresses(2, 1);
      await cluster.pod({ namespace: "shop", name: "server", node: "node-2", labels: { app: "server" }, addresses });
      await cluster.policy("shop", "server", {
        podSelector: { matchLabels: { app: "server" } },
        ingress: [
          {
            from: [{ podSelector: { matchExpressions: [{ key: "app", operator: "In", values: ["friend", "shut"] }] } }],
          },
        ],
      });
      await cluster.policy("shop", "shut", { podSelector: { matchLabels: { app: "shut" } }, policyTypes: ["Egress"] });
      await cluster.start();
      base = await cluster.truth();
      await cluster.lab.arrange(base);
      await cluster.settle();
      server = base.pods.find(({ name }) => name === "server") as Pod;
      seen = await SeenPackets.at(cluster.lab, placeOfPod(server));
    }, buildTimeoutMs);
    afterAll(() => cluster?.close());

    interface Start {
      readonly pod: Pod;
      readonly place: Place;
      /** Lets it end its attempts; gives how many got through. */
      stop(): Promise<number>;
      /** How many got through so far. */
      through(): Promise<number>;
    }

    /** The pod runs, every second one with the address of the one before it, and connects over and over; nobody told the API. */
    async function start(role: Role): Promise<Start> {
      const pod: Pod = {
        ...server,
        name: `${role}-${++count}`,
        node: "node-1",
        labels: new Map([["app", role]]),
        addresses: podAddresses(1, 1 + (Math.ceil(count / 2) % 200)),
        ports: [],
      };
      await cluster.lab.arrange({ ...base, pods: [...base.pods, pod] });
      await seen.forget();
      const place = placeOfPod(pod);
      const process = await cluster.lab.process(place);
      const loops: number[] = [];
      for (const address of server.addresses) {
        for (const protocol of ["TCP", "UDP"] as const) {
          const probe: ProbeOrder = {
            protocol,
            address: formatAddress(address),
            port: 80,
            expect: "shop/server",
            timeoutMs: 100,
          };
          loops.push((await process.ask("startLoop", { probe, concurrency: 1 })).loop);
        }
      }
      const sum = async (ask: "loopCounts" | "stopLoop"): Promise<number> => {
        const counts = await Promise.all(loops.map((loop) => process.ask(ask, { loop })));
        return counts.reduce((total, { open }) => total + open, 0);
      };
      return { pod, place, through: () => sum("loopCounts"), stop: () => sum("stopLoop") };
    }

    async function tellApi({ name, labels, addresses }: Pod): Promise<void> {
      // The object of the pod that had the address before is still there for a while.
      await cluster.pod({ namespace: "shop", name, node: "node-1", labels: Object.fromEntries(labels), addresses });
      if (before !== undefined) await cluster.deletePod("shop", before);
      before = name;
    }

    it(`are never let through what policy denies, over ${starts} starts with the agent running and restarting`, async () => {
      const waits: number[] = [];
      let leaks = 0;
      for (let index = 0; index < starts; index++) {
        const role = roles[index % 3] as Role;
        const [node] = cluster.nodes;
        if (index % 10 === 7) {
          await node?.stop("SIGKILL");
          node?.start();
        }
        const started = await start(role);
        expect(await started.through(), `${started.pod.name} before the API knows it`).toBe(0);
        const told = performance.now();
        await tellApi(started.pod);
        if (role === "friend") {
          while ((await started.through()) === 0) {
            if (performance.now() - told > 30_000) {
              const state = JSON.stringify(await node?.state());
              throw new Error(`${started.pod.name} is not let through: ${state}`);
            }
            await new Promise((resolve) => setTimeout(resolve, 5));
          }
          waits.push(performance.now() - told);
          await started.stop();
        } else {
          await cluster.settle();
          await started.stop();
          leaks += await seen.from(started.pod.addresses);
          expect(leaks, `packets of ${started.pod.name} that arrived`).toBe(0);
        }
      }
      waits.sort((a, b) => a - b);
      const at = (part: number): string => (waits[Math.floor((waits.length - 1) * part)] ?? Number.NaN).toFixed(0);
      process.stderr.write(
        `${starts} starts, ${leaks} packets let through; written to the API until the first connection: p50 ${at(0.5)} ms, longest ${at(1)} ms\n`,
      );
    });

    it("get nothing through while the agent is stopped, and what they may once it runs", async () => {
      const [node] = cluster.nodes;
      expect(await node?.stop()).toBe(0);
      for (const role of roles) {
        const started = await start(role);
        await tellApi(started.pod);
        await new Promise((resolve) => setTimeout(resolve, 500));
        expect(await started.stop()).toBe(0);
        expect(await seen.from(started.pod.addresses)).toBe(0);
      }
      const friend = await start("friend");
      await tellApi(friend.pod);
      node?.start();
      await cluster.settle();
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(await friend.stop()).toBeGreaterThan(0);
    });
  },
);
