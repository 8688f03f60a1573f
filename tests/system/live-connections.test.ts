import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Address,
  type NetworkPolicy,
  type Pod,
  type Service,
  formatAddress,
} from "../../packages/engine/src/index.ts";
import { type StreamMode, placeOfPod, serviceAddresses } from "../../packages/lab/src/index.ts";
import { podsOf, testCluster, testPod, testPolicy, testPorts } from "./support/clusters.ts";
import { lacking, withPackets } from "./support/lacking.ts";
import { PacketLab } from "./support/packet-lab.ts";

/** How often streams send. */
const intervalMs = 20;
/** What is under way between two programs may still arrive this long after a change. */
const underWayMs = 60;
/** How long a stream must be silent, and how long another has to be heard. */
const watchMs = 500;

interface OpenStream {
  readonly name: string;
  readonly protocol: "TCP" | "UDP";
  readonly mode: StreamMode;
  /** Messages that arrived, at either end. */
  readonly arrived: () => Promise<number>;
  readonly state: () => Promise<{ readonly open: boolean; readonly closedBy?: string }>;
  readonly close: () => Promise<unknown>;
}

describe.skipIf(lacking !== undefined)(withPackets("a live connection"), () => {
  let packets: PacketLab;
  const client = testPod("client", 1, 1);
  const server = testPod("server", 2, 2);
  const neighbour = testPod("neighbour", 1, 3);
  const pods = [client, server, neighbour];
  const services = [serviceOf(server, 20), serviceOf(neighbour, 21)];

  beforeAll(async () => {
    packets = await PacketLab.open();
    await packets.lab.arrange(cluster([]));
  });

  afterAll(() => packets?.close());

  function cluster(policies: readonly NetworkPolicy[]) {
    return { ...testCluster(packets.nodes, pods, policies), services };
  }

  function serviceOf(pod: Pod, number: number): Service {
    return {
      kind: "Service",
      namespace: "test",
      name: pod.name,
      selector: pod.labels,
      addresses: serviceAddresses(number),
      headless: false,
      type: "ClusterIP",
      ports: testPorts.flatMap((port) =>
        (["TCP", "UDP"] as const).map((protocol) => ({ protocol, port, targetPort: port })),
      ),
    };
  }

  async function openStream(to: Pod, address: Address, protocol: "TCP" | "UDP", mode: StreamMode): Promise<OpenStream> {
    const from = await packets.lab.process(placeOfPod(client));
    const target = await packets.lab.process(placeOfPod(to));
    const order = { protocol, address: formatAddress(address), port: 80, timeoutMs: 2000, mode, intervalMs };
    const { stream, word, outcome } = await from.ask("openStream", order);
    if (stream === undefined) throw new Error(`${protocol} ${mode} to ${formatAddress(address)}: ${outcome}`);
    return {
      name: `${protocol} ${mode} ${formatAddress(address)}`,
      protocol,
      mode,
      arrived: async () => {
        const { received } = await from.ask("streamState", { stream });
        const { messages } = await target.ask("heard", { word });
        return received + messages;
      },
      state: () => from.ask("streamState", { stream }),
      close: () => from.ask("closeStream", { stream }),
    };
  }

  /** Streams of every kind from the client to a pod: each protocol, direction of talk and family, direct and by a Service. */
  function openStreams(to: Pod): Promise<OpenStream[]> {
    const service = services.find(({ name }) => name === to.name) as Service;
    return Promise.all(
      [...to.addresses, ...service.addresses].flatMap((address) =>
        (["TCP", "UDP"] as const).flatMap((protocol) =>
          (["ping", "push", "send"] as const).map((mode) => openStream(to, address, protocol, mode)),
        ),
      ),
    );
  }

  /** The streams on which nothing arrives for a while, and the others. */
  async function watch(streams: readonly OpenStream[]): Promise<{ silent: string[]; heard: string[] }> {
    const before = await Promise.all(streams.map(({ arrived }) => arrived()));
    await delay(watchMs);
    const after = await Promise.all(streams.map(({ arrived }) => arrived()));
    const silent = streams.filter((_, index) => after[index] === before[index]).map(({ name }) => name);
    const heard = streams.filter((_, index) => after[index] !== before[index]).map(({ name }) => name);
    return { silent, heard };
  }

  const toServer = { peers: [podsOf("server")] };
  const toNeighbour = { peers: [podsOf("neighbour")] };
  const fromClient = { peers: [podsOf("client")] };
  const nobody = { peers: [podsOf("nobody")] };
  const changes: readonly (readonly [string, readonly NetworkPolicy[], readonly NetworkPolicy[]])[] = [
    ["its source's egress is isolated", [], [testPolicy("client", "client", { egress: [toNeighbour] })]],
    [
      "its source's egress loses a rule",
      [testPolicy("client", "client", { egress: [toNeighbour, toServer] })],
      [testPolicy("client", "client", { egress: [toNeighbour] })],
    ],
    ["its destination's ingress is isolated", [], [testPolicy("server", "server", { ingress: [nobody] })]],
    [
      "its destination's ingress loses a rule",
      [testPolicy("server", "server", { ingress: [fromClient, nobody] })],
      [testPolicy("server", "server", { ingress: [nobody] })],
    ],
  ];

  for (const [what, before, after] of changes) {
    it(`is cut at its next packet when ${what}, and others notice nothing`, async () => {
      await packets.enforce(cluster(before));
      const streams = await openStreams(server);
      const others = await openStreams(neighbour);
      expect(await watch([...streams, ...others])).toMatchObject({ silent: [] });

      await packets.enforce(cluster(after));
      await delay(underWayMs);
      expect((await watch(streams)).heard).toEqual([]);
      const { silent } = await watch(others);
      expect(silent).toEqual([]);
      const tcp = streams.filter(({ protocol, mode }) => protocol === "TCP" && mode !== "push");
      expect(await Promise.all(tcp.map(async ({ state }) => (await state()).open))).toEqual(tcp.map(() => false));

      await packets.enforce(cluster(before));
      const datagrams = streams.filter(({ protocol }) => protocol === "UDP");
      await delay(underWayMs);
      expect(await watch(datagrams)).toMatchObject({ silent: [] });
      expect((await watch(others)).silent).toEqual([]);
      await Promise.all([...streams, ...others].map(({ close }) => close()));
    });
  }

  it("is cut when its destination is another pod with the same address", async () => {
    await packets.enforce(cluster([testPolicy("client", "client", { egress: [toServer, toNeighbour] })]));
    const streams = await openStreams(server);
    const impostor: Pod = { ...server, name: "impostor", labels: new Map([["app", "impostor"]]) };
    await packets.enforce({
      ...cluster([testPolicy("client", "client", { egress: [toServer, toNeighbour] })]),
      pods: [client, impostor, neighbour],
    });
    await delay(underWayMs);
    expect((await watch(streams)).heard).toEqual([]);
    await Promise.all(streams.map(({ close }) => close()));
  });
});

describe.skipIf(lacking !== undefined)(withPackets("a live connection, while epochs run out"), () => {
  // Three bits are seven epochs; the other bits of the mark are somebody else's.
  const mark = { shift: 20, bits: 3 };
  let packets: PacketLab;
  const client = testPod("client", 1, 1);
  const server = testPod("server", 2, 2);
  const victim = testPod("victim", 2, 3);

  beforeAll(async () => {
    packets = await PacketLab.open({ mark });
    await packets.lab.arrange(testCluster(packets.nodes, [client, server, victim]));
  });

  afterAll(() => packets?.close());

  it("that is allowed notices nothing, and one that is denied is cut in every round, also across a wrap", async () => {
    const pods = [client, server, victim];
    const open = testCluster(packets.nodes, pods, [testPolicy("client", "client", { egress: [{}] })]);
    const narrow = testCluster(packets.nodes, pods, [
      testPolicy("client", "client", { egress: [{ peers: [podsOf("server")] }] }),
    ]);
    await packets.enforce(open);
    const from = await packets.lab.process(placeOfPod(client));
    const stream = async (to: Pod, protocol: "TCP" | "UDP"): Promise<number> => {
      const address = formatAddress(to.addresses[0] as Address);
      const order = { protocol, address, port: 80, timeoutMs: 2000, mode: "ping" as const, intervalMs };
      const answer = await from.ask("openStream", order);
      return answer.stream ?? Number.NaN;
    };
    const kept = [await stream(server, "TCP"), await stream(server, "UDP")];
    const cut = await stream(victim, "UDP");
    const received = async (which: number): Promise<number> =>
      (await from.ask("streamState", { stream: which })).received;
    const epochs: number[] = [];
    for (let round = 0; round < 9; round++) {
      const [report] = await packets.enforce(narrow);
      epochs.push(report!.epoch);
      await delay(underWayMs);
      const before = await Promise.all([...kept, cut].map(received));
      await delay(5 * intervalMs);
      const after = await Promise.all([...kept, cut].map(received));
      expect(after[2]).toBe(before[2]);
      expect(after[0]).toBeGreaterThan(before[0] as number);
      expect(after[1]).toBeGreaterThan(before[1] as number);
      await packets.enforce(open);
      await delay(5 * intervalMs);
      expect(await received(cut)).toBeGreaterThan(after[2] as number);
    }
    expect(epochs).toEqual([2, 3, 4, 5, 6, 7, 1, 2, 3]);
  });
});
