import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AgentCluster } from "./support/agent-cluster.ts";
import { describeMismatch, mismatchesOf, predictedCells } from "./support/cells.ts";
import { buildTimeoutMs, kubeLacking, withKubernetes } from "./support/kube-binaries.ts";
import { lacking, withPackets } from "./support/lacking.ts";
import { RandomHistory } from "./support/random-history.ts";

const rounds = Number(process.env.PODWALL_TEST_HISTORIES ?? 12);
const steps = 15;
const seed = Number(process.env.PODWALL_TEST_SEED ?? Date.now() % 2 ** 31);

describe.skipIf(lacking !== undefined || kubeLacking !== undefined)(
  withPackets(withKubernetes("random histories of an API, with agents and servers that fail")),
  () => {
    let cluster: AgentCluster;

    beforeAll(async () => {
      cluster = await AgentCluster.open();
      await cluster.start();
    }, buildTimeoutMs);
    afterAll(() => cluster?.close());

    it(`end with packets as predicted on every pair, in each of ${rounds} rounds (seed ${seed})`, async () => {
      const history = new RandomHistory(cluster, seed);
      await history.begin();
      let pairs = 0;
      for (let round = 1; round <= rounds; round++) {
        const done: string[] = [];
        const fault = history.pick(["none", "cut", "hold", "kill agent", "stop agent", "kill server"] as const);
        const node = history.pick(cluster.nodes);
        const at = history.pick([2, 5, 8]);
        for (let step = 0; step < steps; step++) {
          if (step === at) done.push(`${fault} (${node.name})`);
          if (step === at && fault === "cut") node.way.cut();
          if (step === at && fault === "hold") node.way.hold();
          if (step === at && fault === "kill agent") await node.stop("SIGKILL");
          if (step === at && fault === "stop agent") await node.stop();
          if (step === at && fault === "kill server") {
            await cluster.api.killApi();
            await cluster.api.startApi();
          }
          done.push(await history.step());
        }
        if (fault === "cut" || fault === "hold") node.way.open();
        if (fault === "kill agent" || fault === "stop agent") node.start();
        const truth = await cluster.truth();
        await cluster.lab.arrange(truth);
        history.arranged();
        await cluster.settle();
        const cells = predictedCells(truth, { ports: [80, 8080] });
        pairs += cells.length;
        const wrong = await mismatchesOf(cluster.lab, cells);
        expect(wrong.map(describeMismatch), `round ${round}: ${done.join(", ")}`).toEqual([]);
      }
      print(cluster, pairs);
    });
  },
);

function print({ nodes }: AgentCluster, pairs: number): void {
  const times = nodes
    .flatMap(({ log }) => log.filter(({ message }) => message === "changed").map(({ ms }) => Number(ms)))
    .sort((a, b) => a - b);
  const at = (part: number): string => (times[Math.floor((times.length - 1) * part)] ?? Number.NaN).toFixed(1);
  const rss = nodes.map((node) => node.rss().toFixed(0)).join(" and ");
  process.stderr.write(
    `${pairs} connections as predicted; event to kernel p50 ${at(0.5)} ms, p99 ${at(0.99)} ms of ${times.length} changes; agents' RSS ${rss} MiB\n`,
  );
}
