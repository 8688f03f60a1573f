import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Family, type NetworkPolicy, type Pod, formatAddress, podKey } from "../../packages/engine/src/index.ts";
import { type OutcomeCounts, placeOfPod } from "../../packages/lab/src/index.ts";
import { podsOf, port, testCluster, testPod, testPolicy } from "./support/clusters.ts";
import { lacking, withPackets } from "./support/lacking.ts";
import { PacketLab } from "./support/packet-lab.ts";

const changes = 500;
const attempts = 50_000;
/** Changes that take over the table of agents before them, as a restart does: everything is built anew. */
const fullEvery = 25;

/** What may be told to a connection that is denied, and to one that is allowed. */
const good = { denied: ["timeout", "unreachable"], allowed: ["open"] } as const;

describe.skipIf(lacking !== undefined)(withPackets("while rules change"), () => {
  let packets: PacketLab;
  const client = testPod("client", 1, 1);
  const server = testPod("server", 1, 2);
  const remote = testPod("remote", 2, 3);
  const extras = [4, 5, 6, 7].map((number) => testPod(`extra-${number}`, (number % 2) + 1, number));

  beforeAll(async () => {
    packets = await PacketLab.open({ denyWith: "reject" });
    await packets.lab.arrange(testCluster(packets.nodes, [client, server, remote, ...extras]));
  });

  afterAll(() => packets?.close());

  /** A state of the cluster in which the client may reach TCP and UDP 80 of both servers, and never 8080. */
  function state(number: number): { readonly pods: readonly Pod[]; readonly policies: readonly NetworkPolicy[] } {
    const bit = (of: number): boolean => Math.floor(number / of) % 2 === 1;
    const web = [port("TCP", 80), port("UDP", 80)];
    const label = (pod: Pod, value: string): Pod => ({ ...pod, labels: new Map([["app", value]]) });
    const pods = [
      // Relabelled back and forth; both labels are allowed, by one rule or the other.
      bit(1) ? label(client, "client-2") : client,
      server,
      remote,
      ...extras
        .filter((_, index) => bit(2) || index !== number % 4)
        .map((pod) => label(pod, bit(4) ? pod.name : "extra")),
    ];
    const both = [podsOf("client"), podsOf("client-2")];
    const policies = [
      testPolicy("server", "server", { ingress: [{ peers: both, ports: web }] }),
      // The same by other rules, so that the rule set of the destination changes and what it allows the client does not.
      testPolicy("remote", "remote", {
        ingress: bit(1)
          ? [{ peers: [podsOf("client-2"), podsOf("extra")], ports: web }]
          : [{ peers: [podsOf("client")], ports: web }, { peers: [podsOf(`extra-${number % 8}`)] }],
      }),
      // Egress of the client comes and goes: dispatch changes.
      ...(bit(2)
        ? ["client", "client-2"].map((subject) =>
            testPolicy(subject, subject, {
              egress: [{ peers: [podsOf("server"), podsOf("remote")], ports: [port("TCP", 80), port("UDP", 1, 100)] }],
            }),
          )
        : []),
      // Splits identities: a rule that tells some addresses from others, and changes.
      testPolicy("extra", "extra", {
        ingress: [
          {
            peers: [
              {
                kind: "ipBlock",
                path: "peer",
                cidr: packets.nodes[number % 2]!.podCidrs[0]!,
                except: [],
              },
            ],
            ports: [port("TCP", 1 + (number % 1000))],
          },
        ],
      }),
    ];
    return { pods, policies };
  }

  it(`lets no denied attempt through and fails no allowed one, over ${changes} changes and ${attempts} attempts of each kind`, async () => {
    const from = await packets.lab.process(placeOfPod(client));
    await packets.enforce(cluster(0));
    const orders = [server, remote].flatMap((to) =>
      ([4, 6] as readonly Family[]).flatMap((family) =>
        (["TCP", "UDP"] as const).flatMap((protocol) =>
          ([80, 8080] as const).map((number) => ({
            kind: number === 80 ? ("allowed" as const) : ("denied" as const),
            probe: {
              protocol,
              address: formatAddress(to.addresses.find((own) => own.family === family)!),
              port: number,
              expect: podKey(to),
              timeoutMs: 3000,
            },
          })),
        ),
      ),
    );
    const loops = await Promise.all(
      orders.map(async ({ kind, probe }) => ({
        kind,
        // Those that are denied wait for an ICMP error, or for the next SYN where the first one's came too early.
        ...(await from.ask("startLoop", { probe, concurrency: kind === "allowed" ? 1 : 16 })),
      })),
    );
    const counted = async (ask: "loopCounts" | "stopLoop"): Promise<Record<"allowed" | "denied", OutcomeCounts[]>> => {
      const counts = await Promise.all(
        loops.map(async ({ kind, loop }) => ({ kind, counts: await from.ask(ask, { loop }) })),
      );
      return {
        allowed: counts.filter(({ kind }) => kind === "allowed").map((entry) => entry.counts),
        denied: counts.filter(({ kind }) => kind === "denied").map((entry) => entry.counts),
      };
    };
    const modes = { full: 0, incremental: 0, unchanged: 0 };
    const enough = async (): Promise<boolean> => {
      const { allowed, denied } = await counted("loopCounts");
      return total(allowed) >= attempts && total(denied) >= attempts;
    };
    // At most eight times as many changes as asked for, however slow this machine makes the attempts.
    let number = 1;
    for (; number <= changes || (number < 8 * changes && !(await enough())); number++) {
      if (number % fullEvery === 0) await packets.restartAgents();
      for (const { mode } of await packets.enforce(cluster(number))) modes[mode]++;
    }
    const counts = await counted("stopLoop");
    console.log(
      `${number - 1} changes on 2 nodes ${JSON.stringify(modes)}; attempts ${total(counts.allowed)} allowed, ${total(counts.denied)} denied`,
    );
    for (const kind of ["allowed", "denied"] as const) {
      expect(total(counts[kind])).toBeGreaterThanOrEqual(attempts);
      expect(wrong(counts[kind], good[kind])).toEqual({});
    }
    expect(modes.full).toBeGreaterThan(changes / fullEvery);
    expect(modes.incremental).toBeGreaterThan(changes / 2);
  }, 900_000);

  function cluster(number: number) {
    const { pods, policies } = state(number);
    return testCluster(packets.nodes, pods, policies);
  }
});

function total(counts: readonly OutcomeCounts[]): number {
  return counts.flatMap((entry) => Object.values(entry)).reduce((sum, count) => sum + count, 0);
}

/** Outcomes that are not among the good ones, with how often they occurred. */
function wrong(counts: readonly OutcomeCounts[], right: readonly string[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const entry of counts) {
    for (const [outcome, count] of Object.entries(entry)) {
      if (count > 0 && !right.includes(outcome)) found[outcome] = (found[outcome] ?? 0) + count;
    }
  }
  return found;
}
