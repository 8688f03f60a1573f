import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Inspection, watchDrift } from "../../packages/dataplane/src/index.ts";
import { type Cluster, type Pod, formatAddress, podKey } from "../../packages/engine/src/index.ts";
import { type OutcomeCounts, placeOfPod } from "../../packages/lab/src/index.ts";
import { podsOf, port, testCluster, testPod, testPolicy } from "./support/clusters.ts";
import { lacking, withPackets } from "./support/lacking.ts";
import { type Enforcer, PacketLab } from "./support/packet-lab.ts";

describe.skipIf(lacking !== undefined)(withPackets("drift"), () => {
  let packets: PacketLab;
  const web = testPod("web", 1, 1);
  const friend = testPod("friend", 1, 2);
  const stranger = testPod("stranger", 1, 3);
  const pods = [web, friend, stranger];

  beforeAll(async () => {
    packets = await PacketLab.open({ nodes: 1, denyWith: "reject" });
    await packets.lab.arrange(testCluster(packets.nodes, pods));
  });

  beforeEach(async () => {
    await first().dataplane.remove();
    await packets.enforce(cluster());
    await first().dataplane.settled();
  });

  afterAll(() => packets?.close());

  function cluster(): Cluster {
    const rule = { peers: [podsOf("friend")], ports: [port("TCP", 80)] };
    return testCluster(packets.nodes, pods, [testPolicy("web", "web", { ingress: [rule] })]);
  }

  function first(): Enforcer {
    return packets.enforcers[0] as Enforcer;
  }

  function inspect(depth: "presence" | "names" | "rules" | "elements"): Promise<Inspection> {
    return first().dataplane.inspect(depth);
  }

  async function named(kind: "chains" | "sets", pattern: RegExp): Promise<string> {
    const name = (await first().nft.objects())?.[kind].find((candidate) => pattern.test(candidate));
    if (name === undefined) throw new Error(`nothing is called like ${pattern}`);
    return name;
  }

  /** Connects to web over and over until told to stop. */
  async function connecting(from: Pod, concurrency = 4): Promise<{ stop: () => Promise<OutcomeCounts> }> {
    const process = await packets.lab.process(placeOfPod(from));
    const probe = {
      protocol: "TCP",
      address: formatAddress(web.addresses[0]!),
      port: 80,
      expect: podKey(web),
      timeoutMs: 1500,
    } as const;
    const { loop } = await process.ask("startLoop", { probe, concurrency });
    return { stop: () => process.ask("stopLoop", { loop }) };
  }

  async function opened(from: Pod): Promise<number> {
    const loop = await connecting(from);
    await delay(250);
    return (await loop.stop()).open;
  }

  it("is none where nothing else changed the table, after any kind of change of podwall's own", async () => {
    const { dataplane } = first();
    expect(await inspect("elements")).toEqual({ kind: "intact" });
    const other = { ...friend, name: "other", labels: stranger.labels };
    for (const wanted of [
      { ...cluster(), pods: [web, { ...friend, labels: new Map([["app", "x"]]) }, stranger] },
      { ...cluster(), pods: [web, other, stranger] },
      { ...cluster(), policies: [] },
      cluster(),
    ]) {
      await packets.enforce(wanted);
      for (const depth of ["presence", "names", "rules", "elements"] as const) {
        expect(await inspect(depth)).toEqual({ kind: "intact" });
      }
    }
    await packets.restartAgents();
    expect(await inspect("names")).toEqual({ kind: "nothing" });
    await packets.enforce(cluster());
    expect(await inspect("elements")).toEqual({ kind: "intact" });
    await dataplane.settled();
  });

  /** What something else may do, and whether packets are judged more strictly until it is found. */
  const damages: readonly {
    readonly what: string;
    readonly depth: "presence" | "names" | "rules" | "elements";
    readonly closes?: true;
    readonly commands: () => Promise<string[]>;
    readonly difference: RegExp;
  }[] = [
    {
      what: "the table is deleted",
      depth: "presence",
      commands: async () => ["delete table inet podwall"],
      difference: /the table is gone/,
    },
    {
      what: "a chain is flushed that every packet passes",
      depth: "rules",
      commands: async () => ["flush chain inet podwall forward"],
      difference: /rules of forward/,
    },
    {
      what: "the chain of a rule set is flushed",
      depth: "rules",
      commands: async () => [`flush chain inet podwall ${await named("chains", /^ingress_\d+$/)}`],
      difference: /rules of ingress_\d+/,
    },
    {
      what: "the chain of a pod's address is flushed",
      depth: "rules",
      commands: async () => {
        const elements = await first().nft.elements(await named("sets", /^dispatch_ingress4_/));
        const ofWeb = elements.find(({ key }) => key[0] === formatAddress(web.addresses[0]!))?.value;
        const { target } = (ofWeb as { readonly goto: { readonly target: string } }).goto;
        return [`flush chain inet podwall ${target}`];
      },
      difference: /rules of pod_ingress_\d+/,
    },
    {
      what: "a chain is replaced by as many other rules",
      depth: "rules",
      commands: async () => [
        "flush chain inet podwall forward",
        "add rule inet podwall forward accept",
        "add rule inet podwall forward accept",
      ],
      difference: /rules of forward/,
    },
    {
      what: "an element is added that allows too much",
      depth: "elements",
      commands: async () => {
        const world = Number((await first().nft.elements(await named("sets", /^atoms4_/)))[0]?.value);
        const grants = await named("sets", /^ingress_\d+_grants$/);
        const [grant] = (await first().nft.elements(grants)).map(({ value }) => Number(value));
        return [`add element inet podwall ${grants} { ${world} : ${grant} }`];
      },
      difference: /ingress_\d+_grants lacks 0 elements and has 1 others/,
    },
    {
      what: "nobody is granted anything any more",
      depth: "elements",
      closes: true,
      commands: async () => [`flush map inet podwall ${await named("sets", /^ingress_\d+_grants$/)}`],
      difference: /ingress_\d+_grants lacks 1 elements/,
    },
    {
      what: "an element of a rule set is deleted",
      depth: "elements",
      closes: true,
      commands: async () => [`flush set inet podwall ${await named("sets", /^ingress_\d+_exact$/)}`],
      difference: /ingress_\d+_exact lacks 1 elements/,
    },
    {
      what: "a pod's dispatch element is deleted",
      depth: "elements",
      closes: true,
      commands: async () => [
        `delete element inet podwall ${await named("sets", /^dispatch_ingress4_/)} { ${formatAddress(web.addresses[0]!)} }`,
      ],
      difference: /dispatch_ingress4_\d+ lacks 1 elements/,
    },
    {
      what: "a set is deleted with the rules that read it",
      depth: "names",
      closes: true,
      commands: async () => {
        const chain = await named("chains", /^ingress_\d+$/);
        return [
          `flush chain inet podwall ${chain}`,
          `add rule inet podwall ${chain} drop`,
          `delete set inet podwall ${chain}_exact`,
        ];
      },
      difference: /ingress_\d+_exact is gone/,
    },
  ];

  for (const { what, depth, closes, commands, difference } of damages) {
    it(`is found and mended when ${what}, and what is allowed goes on`, async () => {
      // What rules there are is known once they were looked at.
      expect(await inspect("rules")).toEqual({ kind: "intact" });
      const damage = await commands();
      const allowed = await connecting(friend);
      const denied = await connecting(stranger);
      await delay(150);
      await first().nft.run(damage);
      if (closes !== true) expect(await opened(stranger)).toBeGreaterThan(0);
      const startedAt = performance.now();
      const found = await inspect(depth);
      const tookMs = Math.round(performance.now() - startedAt);
      console.log(`${what}: found and mended in ${tookMs} ms`);
      expect(found).toMatchObject({ kind: "repaired", report: { mode: "full" } });
      expect((found as Extract<Inspection, { kind: "repaired" }>).differences.join("; ")).toMatch(difference);
      // From here on all is as before.
      expect(await opened(stranger)).toBe(0);
      expect(await opened(friend)).toBeGreaterThan(0);
      const { open, ...failed } = await allowed.stop();
      expect(open).toBeGreaterThan(0);
      if (closes !== true) {
        // On a busy machine a few were seen refused while all was built anew; none may hang, and nearly all go on.
        const { unreachable, ...others } = failed;
        expect(Object.values(others).reduce((sum, count) => sum + count)).toBe(0);
        expect(unreachable).toBeLessThan(open / 10);
      }
      if (closes === true) expect((await denied.stop()).open).toBe(0);
      else await denied.stop();
      expect(await inspect("elements")).toEqual({ kind: "intact" });
    });
  }

  it("cuts what was let through while the table was gone", async () => {
    await first().nft.run(["delete table inet podwall"]);
    const from = await packets.lab.process(placeOfPod(stranger));
    const address = formatAddress(web.addresses[0]!);
    const order = { protocol: "TCP", address, port: 80, timeoutMs: 1000, mode: "ping", intervalMs: 20 } as const;
    const { stream = -1, outcome } = await from.ask("openStream", order);
    expect(outcome).toBe("open");
    await inspect("presence");
    await delay(100);
    expect(await from.ask("streamState", { stream })).toMatchObject({ open: false });
  });

  it("is noticed by a watch, and mended within its interval", async () => {
    const repairs: string[] = [];
    const errors: unknown[] = [];
    const watch = watchDrift({
      dataplane: first().dataplane,
      everyMs: 200,
      rulesEvery: 2,
      onRepair: ({ differences }) => repairs.push(...differences),
      onError: (error) => errors.push(error),
    });
    for (const damage of ["delete table inet podwall", "flush chain inet podwall forward"]) {
      await first().nft.run([damage]);
      await delay(1_000);
      expect(await opened(stranger)).toBe(0);
    }
    await watch.stop();
    expect(errors).toEqual([]);
    expect(repairs).toEqual(["the table is gone", "the rules of forward are others"]);
  });
});
