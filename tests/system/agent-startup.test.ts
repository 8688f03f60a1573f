import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AgentCluster } from "./support/agent-cluster.ts";
import { buildTimeoutMs, kubeLacking, withKubernetes } from "./support/kube-binaries.ts";
import { lacking, withPackets } from "./support/lacking.ts";
import { type Role, type StartedPod, StartingPods, roles } from "./support/starting-pods.ts";

const starts = Number(process.env.PODWALL_TEST_STARTS ?? 60);

describe.skipIf(lacking !== undefined || kubeLacking !== undefined)(
  withPackets(withKubernetes("pods that send as soon as they can")),
  () => {
    let cluster: AgentCluster;
    let pods: StartingPods;
    let count = 0;

    beforeAll(async () => {
      cluster = await AgentCluster.open();
      pods = await StartingPods.in(cluster);
    }, buildTimeoutMs);
    afterAll(() => cluster?.close());

    /** Every second one has the address of the one before it. */
    function start(role: Role): Promise<StartedPod> {
      return pods.start(role, 1 + (Math.ceil(++count / 2) % 200));
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
        const told = await pods.tellApi(started.pod);
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
          leaks += await pods.packetsOf(started.pod);
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
        await pods.tellApi(started.pod);
        await new Promise((resolve) => setTimeout(resolve, 500));
        expect(await started.stop()).toBe(0);
        expect(await pods.packetsOf(started.pod)).toBe(0);
      }
      const friend = await start("friend");
      await pods.tellApi(friend.pod);
      node?.start();
      await cluster.settle();
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(await friend.stop()).toBeGreaterThan(0);
    });
  },
);
