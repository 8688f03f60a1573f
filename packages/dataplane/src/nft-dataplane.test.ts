import {
  type Cluster,
  type NetworkPolicy,
  type NodePlan,
  type Pod,
  parseAddress,
  parseCidr,
  planNode,
} from "@podwall/engine";
import { describe, expect, it, vi } from "vitest";
import { fakeNft } from "./nft/fake-nft.ts";
import { type Nft, NftError } from "./nft/nft.ts";
import { NftDataplane } from "./nft-dataplane.ts";
import type { MarkBits } from "./ruleset/mark.ts";

const app = (value: string) => ({ requirements: [{ key: "app", operator: "In" as const, values: [value] }] });

function pod(name: string, label: string, index: number): Pod {
  return {
    kind: "Pod",
    namespace: "shop",
    name,
    labels: new Map([["app", label]]),
    node: "here",
    hostNetwork: false,
    completed: false,
    addresses: [`10.0.0.${index}`, `fd00::${index}`].map((text) => parseAddress(text)!),
    ports: [],
  };
}

/** A policy that lets `from` reach the pods labelled `to`, on `ports`. */
function allow(from: string, to: string, ...ports: readonly (readonly [number, number])[]): NetworkPolicy {
  return {
    kind: "NetworkPolicy",
    namespace: "shop",
    name: `${from}-to-${to}`,
    podSelector: app(to),
    directions: ["ingress"],
    ingress: [
      {
        path: "spec.ingress[0]",
        peers: [{ kind: "pods", path: "spec.ingress[0].from[0]", podSelector: app(from) }],
        ports: ports.map(([first, last]) => ({
          path: "spec.ingress[0].ports[0]",
          protocol: "TCP",
          port: { kind: "interval", first, last },
        })),
      },
    ],
    egress: [],
  };
}

function plan(pods: readonly Pod[], policies: readonly NetworkPolicy[], nodes: Cluster["nodes"] = new Map()): NodePlan {
  const cluster: Cluster = {
    namespaces: new Map([["shop", { kind: "Namespace", name: "shop", labels: new Map(), declared: true }]]),
    pods,
    nodes,
    services: [],
    policies,
    clusterPolicies: [],
  };
  return planNode(cluster, "here", { interfaceOf: ({ name }) => `pw${name}`, podInterfacePrefix: "pw" });
}

const web = pod("web", "web", 1);
const cart = pod("cart", "cart", 2);
const other = pod("other", "other", 3);

function dataplane(options: { readonly mark?: MarkBits; readonly longestTransaction?: number } = {}) {
  const { longestTransaction, mark } = options;
  const nft = fakeNft(longestTransaction === undefined ? {} : { longestTransaction });
  const cleared: MarkBits[] = [];
  const clearMarks = async (bits: MarkBits): Promise<void> => {
    cleared.push(bits);
  };
  return {
    nft,
    cleared,
    clearMarks,
    it: new NftDataplane({ nft, clearMarks, ...(mark === undefined ? {} : { mark }) }),
  };
}

/** An nft of which something is done in another way. */
function nftWith(nft: Nft, own: Partial<Nft>): Nft {
  return {
    objects: () => nft.objects(),
    hasMap: (name) => nft.hasMap(name),
    rules: () => nft.rules(),
    elements: (name) => nft.elements(name),
    run: (commands) => nft.run(commands),
    ...own,
  };
}

/** An nft that notes in `done` which transactions switched, and which took something away. */
function notingSwitches(nft: Nft, done: string[]): Nft {
  return nftWith(nft, {
    run: async (commands) => {
      await nft.run(commands);
      if (commands.includes("flush chain inet podwall known")) done.push("switch");
      else if (commands.some((command) => command.startsWith("delete "))) done.push("retire");
    },
  });
}

describe("the nftables dataplane", () => {
  it("builds everything at first, and clears marks because they may be of another time", async () => {
    const { it: kernel, cleared, nft } = dataplane();
    const report = await kernel.apply(plan([web, cart], [allow("cart", "web", [80, 80])]));
    expect(report).toMatchObject({ mode: "full", epoch: 1, generation: 1 });
    expect(cleared).toHaveLength(1);
    expect(await nft.elements("state")).toEqual([{ key: [1], value: 1 }]);
  });

  it("keeps no change waiting while it reads what was denied", async () => {
    const { nft, clearMarks } = dataplane();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const slow = nftWith(nft, {
      elements: async (name) => {
        if (name.startsWith("flows_")) await held;
        return nft.elements(name);
      },
    });
    const kernel = new NftDataplane({ nft: slow, clearMarks });
    await kernel.apply(plan([web, cart], []));
    const flows = kernel.flows();
    expect(await kernel.apply(plan([web, cart], [allow("cart", "web", [80, 80])]))).toMatchObject({ generation: 2 });
    release();
    expect(await flows).toEqual([]);
  });

  it("does nothing when nothing changes", async () => {
    const { it: kernel } = dataplane();
    const same = (): NodePlan => plan([web, cart], [allow("cart", "web", [80, 80])]);
    await kernel.apply(same());
    expect(await kernel.apply(same())).toMatchObject({ mode: "unchanged", commands: 0, generation: 1 });
  });

  it("adds a pod of a known identity as one element for each family", async () => {
    const { it: kernel, nft } = dataplane();
    const policies = [allow("cart", "web", [80, 80])];
    await kernel.apply(plan([web, cart], policies));
    const report = await kernel.apply(
      plan([web, cart, { ...cart, ...pod("cart-2", "cart", 4), node: "there" }], policies),
    );
    await kernel.settled();
    expect(report).toMatchObject({ mode: "incremental", epoch: 1 });
    expect((await nft.elements("pods4_1")).map(({ key }) => key[0])).toEqual(["10.0.0.2", "10.0.0.4"]);
  });

  it("takes no pod for the one that had its address until just now", async () => {
    const { it: kernel, nft } = dataplane();
    const podCidrs = ["10.0.0.0/24", "fd00::/64"].map((text) => parseCidr(text).cidr!);
    const here = { kind: "Node" as const, name: "here", labels: new Map(), addresses: [], podCidrs };
    const nodes = new Map([["here", here]]);
    const policies = [allow("cart", "web", [80, 80])];
    const addresses = async () => (await nft.elements("pods4_1")).map(({ key }) => key[0]);
    await kernel.apply(plan([web, cart], policies, nodes));
    // What the address was to web is still there: nothing passes from it or to it.
    await kernel.apply(plan([web], policies, nodes));
    expect(await addresses()).toEqual(["10.0.0.2"]);
    await kernel.apply(plan([web, pod("other", "other", 2)], policies, nodes));
    expect(await addresses()).toEqual([]);
  });

  it("changes nothing, in place or otherwise, while packets may run through the rules before the last switch", async () => {
    const { nft, clearMarks } = dataplane();
    const runs: { readonly at: number; readonly text: string }[] = [];
    const timed = nftWith(nft, {
      run: async (commands) => {
        await nft.run(commands);
        runs.push({ at: performance.now(), text: commands.join("\n") });
      },
    });
    const kernel = new NftDataplane({ nft: timed, clearMarks });
    const remote = { ...pod("cart-2", "cart", 4), node: "there" };
    const narrow = [allow("cart", "web", [80, 80])];
    await kernel.apply(plan([web, cart], narrow));
    const states = [
      plan([web, cart], [allow("cart", "web", [80, 90])]),
      plan([web, cart, remote], [allow("cart", "web", [80, 90])]),
      plan([web, cart], [allow("cart", "web", [80, 90])]),
      plan([web, { ...cart, namespace: "shop2" }], narrow),
    ];
    for (const state of states) await kernel.apply(state);
    await kernel.settled();
    const replaced = /flush chain inet podwall (?:known\b|peer_ingress4\b|(pod_\w+)\nadd rule inet podwall \1 )/;
    const isSwitch = ({ text }: { readonly text: string }): boolean => replaced.test(text);
    expect(runs.filter(isSwitch).length).toBeGreaterThanOrEqual(4);
    const isTakenAway = ({ text }: { readonly text: string }): boolean =>
      text.startsWith("delete element inet podwall pods4") && text.includes("flush chain inet podwall known");
    expect(runs.some(isTakenAway)).toBe(true);
    expect(runs.some(({ text }) => text.startsWith("add element inet podwall pods4"))).toBe(true);
    const pauses = runs.flatMap((run, index) => {
      const next = runs[index + 1];
      return next !== undefined && isSwitch(run) ? [next.at - run.at] : [];
    });
    // A timer may ring a little early.
    expect(Math.min(...pauses)).toBeGreaterThan(15);
  });

  it("takes in no rule that reads the map of pods where an address gets another identity", async () => {
    const { nft, clearMarks } = dataplane();
    const texts: string[] = [];
    const noting = nftWith(nft, {
      run: async (commands) => {
        texts.push(commands.join("\n"));
        await nft.run(commands);
      },
    });
    const kernel = new NftDataplane({ nft: noting, clearMarks });
    const policies = [allow("cart", "web", [80, 80])];
    const [one, two] = [3, 4].map((index) => ({ ...pod(`cart-${index}`, "cart", index), node: "there" }));
    await kernel.apply(plan([web, one!, two!], policies));
    texts.length = 0;
    await kernel.apply(
      plan([web, one!, { ...two!, labels: new Map([["app", "x"]]) }], [...policies, allow("x", "web", [81, 81])]),
    );
    const switched = texts.find((text) => text.includes("flush chain inet podwall peer_ingress4"));
    expect(switched).toMatch(/peer_ingress4 .* map @delta4_2$/m);
    expect(switched).not.toContain("@pods4");
  });

  it("makes way for changes while what was left behind cannot be taken away yet, but not for ever", async () => {
    const { nft, clearMarks } = dataplane();
    const done: string[] = [];
    const kernel = new NftDataplane({ nft: notingSwitches(nft, done), clearMarks });
    const onPort = (port: number): NodePlan => plan([web, cart], [allow("cart", "web", [port, port])]);
    await kernel.apply(onPort(80));
    await kernel.settled();
    done.length = 0;
    // Packets of before each switch seem to be under way from now on.
    const clock = vi.spyOn(performance, "now").mockReturnValue(performance.now());
    try {
      await kernel.apply(onPort(81));
      const settled = kernel.settled();
      await kernel.apply(onPort(82));
      expect(done).toEqual(["switch", "switch"]);
      await settled;
      expect(done.filter((what) => what === "retire").length).toBeGreaterThanOrEqual(2);
    } finally {
      clock.mockRestore();
    }
  });

  it("makes way for a change that was prepared", async () => {
    const { nft, clearMarks } = dataplane();
    const done: string[] = [];
    const kernel = new NftDataplane({ nft: notingSwitches(nft, done), clearMarks });
    const onPort = (port: number): NodePlan => plan([web, cart], [allow("cart", "web", [port, port])]);
    await kernel.apply(onPort(80));
    await kernel.settled();
    const began = performance.now();
    const clock = vi.spyOn(performance, "now").mockReturnValue(began);
    try {
      await kernel.apply(onPort(81));
      const next = onPort(82);
      clock.mockReturnValue(began + 10);
      kernel.prepare(next);
      done.length = 0;
      // What the change before left behind may be taken away by now.
      clock.mockReturnValue(began + 25);
      const settled = kernel.settled();
      await kernel.apply(next);
      expect(done).toEqual(["switch"]);
      await settled;
    } finally {
      clock.mockRestore();
    }
    expect(await kernel.inspect("elements")).toEqual({ kind: "intact" });
  });

  it("leaves the same objects after any way to the same plan, and nothing of the way", async () => {
    const goal = (): NodePlan => plan([web, cart, other], [allow("cart", "web", [80, 80], [8000, 9000])]);
    const direct = dataplane();
    await direct.it.apply(goal());
    await direct.it.settled();
    const detour = dataplane();
    for (const step of [
      plan([web], []),
      plan([web, cart], [allow("cart", "web", [80, 80])]),
      plan([web, { ...cart, labels: new Map([["app", "x"]]) }, other], [allow("other", "web"), allow("x", "other")]),
      goal(),
    ]) {
      await detour.it.apply(step);
    }
    await detour.it.apply(goal());
    await detour.it.settled();
    const names = async (nft: typeof direct.nft): Promise<string[]> => {
      const objects = (await nft.objects())!;
      return [...objects.chains, ...objects.sets]
        .map((name) => name.replace(/_\d+/, ""))
        .filter((name) => !name.startsWith("delta"))
        .sort();
    };
    expect(await names(detour.nft)).toEqual(await names(direct.nft));
  });

  it("raises the epoch only when something is taken away", async () => {
    const { it: kernel } = dataplane();
    const narrow = plan([web, cart], [allow("cart", "web", [80, 80])]);
    const wide = plan([web, cart], [allow("cart", "web", [80, 90])]);
    await kernel.apply(narrow);
    expect((await kernel.apply(wide)).epoch).toBe(1);
    expect((await kernel.apply(narrow)).epoch).toBe(2);
  });

  it("clears marks and starts over before the epochs run out", async () => {
    const { it: kernel, cleared } = dataplane({ mark: { shift: 0, bits: 3 } });
    const narrow = plan([web, cart], [allow("cart", "web", [80, 80])]);
    const wide = plan([web, cart], [allow("cart", "web", [80, 90])]);
    const epochs: number[] = [];
    for (let round = 0; round < 9; round++) {
      await kernel.apply(wide);
      epochs.push((await kernel.apply(narrow)).epoch);
    }
    expect(epochs).toEqual([2, 3, 4, 5, 6, 7, 1, 2, 3]);
    expect(cleared).toHaveLength(2);
  });

  it("takes over the table of the agent before it, and leaves nothing of that behind", async () => {
    const first = dataplane();
    await first.it.apply(plan([web, cart], [allow("cart", "web", [80, 80])]));
    await first.it.settled();
    const second = new NftDataplane({ nft: first.nft, clearMarks: first.clearMarks });
    const report = await second.apply(plan([web, other], [allow("other", "web", [443, 443])]));
    await second.settled();
    expect(report).toMatchObject({ mode: "full", epoch: 2 });
    expect(first.cleared).toHaveLength(1);
    const objects = (await first.nft.objects())!;
    expect(objects.sets.filter((name) => name.startsWith("pods4"))).toEqual([`pods4_${report.generation}`]);
  });

  it("cuts what it builds into transactions that the kernel takes", async () => {
    const { it: kernel, nft } = dataplane({ longestTransaction: 20_000 });
    const many = Array.from({ length: 250 }, (_, i) => ({ ...pod(`cart-${i}`, "cart", i + 2), node: "there" }));
    await kernel.apply(plan([web, ...many], [allow("cart", "web", [80, 80])]));
    expect(await nft.elements("pods4_1")).toHaveLength(250);
  });

  it("starts from an empty page after the kernel refused a change", async () => {
    const { nft, clearMarks } = dataplane();
    let refuse = 0;
    const moody = nftWith(nft, {
      run: async (commands) => {
        if (refuse-- > 0) throw new NftError("other", "not now");
        return nft.run(commands);
      },
    });
    const kernel = new NftDataplane({ nft: moody, clearMarks });
    await kernel.apply(plan([web, cart], [allow("cart", "web", [80, 80])]));
    await kernel.settled();
    refuse = 1;
    const report = await kernel.apply(plan([web, cart], [allow("cart", "web", [443, 443])]));
    expect(report.mode).toBe("full");
    refuse = 2;
    await expect(kernel.apply(plan([web, cart], []))).rejects.toThrow("not now");
    expect((await kernel.apply(plan([web, cart], []))).mode).toBe("full");
  });

  it("finds nothing amiss after changes of its own, and mends what something else changed", async () => {
    const { it: kernel, nft } = dataplane();
    expect(await kernel.inspect()).toEqual({ kind: "nothing" });
    const policies = [allow("cart", "web", [80, 80])];
    await kernel.apply(plan([web, cart], policies));
    await kernel.apply(plan([web, cart, other], [...policies, allow("other", "web", [443, 443])]));
    expect(await kernel.inspect("elements")).toEqual({ kind: "intact" });
    const { sets = [] } = (await nft.objects()) ?? {};
    const grants = sets.find((name) => name.endsWith("_grants")) as string;
    for (const [damage, difference] of [
      ["flush chain inet podwall judge4", /^the rules of judge4 are others$/],
      [`flush map inet podwall ${grants}`, /^ingress_\d+_grants lacks 2 elements and has 0 others$/],
      ["add chain inet podwall stray", /^stray is not of podwall$/],
      ["flush map inet podwall state", /^the table says that it holds another state$/],
      ["delete table inet podwall", /^the table is gone$/],
    ] as const) {
      await nft.run([damage.replace(grants, (await nft.objects())!.sets.find((name) => name.endsWith("_grants"))!)]);
      const found = await kernel.inspect("elements");
      expect(found).toMatchObject({ kind: "repaired", differences: [expect.stringMatching(difference)] });
      expect(await kernel.inspect("elements")).toEqual({ kind: "intact" });
    }
  });

  it("mends a table that went away before the last change was cleared up", async () => {
    const { it: kernel, nft } = dataplane();
    await kernel.apply(plan([web, cart], [allow("cart", "web", [80, 80])]));
    await kernel.apply(plan([web, cart], [allow("cart", "web", [443, 443])]));
    await nft.run(["delete table inet podwall"]);
    expect(await kernel.inspect("names")).toMatchObject({ kind: "repaired" });
    expect(await kernel.inspect("elements")).toEqual({ kind: "intact" });
    await kernel.remove();
    expect(await kernel.inspect()).toEqual({ kind: "nothing" });
  });

  it("raises the epoch with every repair, so that what was let through is judged again, and clears no marks for it", async () => {
    const { it: kernel, nft, cleared } = dataplane();
    await kernel.apply(plan([web, cart], [allow("cart", "web", [80, 80])]));
    await nft.run(["delete table inet podwall"]);
    expect(await kernel.inspect("names")).toMatchObject({ kind: "repaired", report: { epoch: 2, mode: "full" } });
    expect(cleared).toHaveLength(1);
  });

  it("removes the whole table", async () => {
    const { it: kernel, nft } = dataplane();
    await kernel.apply(plan([web, cart], [allow("cart", "web", [80, 80])]));
    await kernel.remove();
    expect(await nft.objects()).toBeUndefined();
  });
});
