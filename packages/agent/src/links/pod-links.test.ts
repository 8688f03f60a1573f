import { type Pod, parseAddress, podKey } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { holdMs } from "./address-claims.ts";
import type { LinkMemory } from "./link-memory.ts";
import { type LocalPods, PodLinks, commonPrefix } from "./pod-links.ts";

const header = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n";

function pod(name: string, ...addresses: readonly string[]): Pod {
  return {
    kind: "Pod",
    namespace: "shop",
    name,
    labels: new Map(),
    node: "n",
    hostNetwork: false,
    completed: false,
    addresses: addresses.flatMap((text) => parseAddress(text) ?? []),
    ports: [],
  };
}

/** Links with routes to `10.0.0.N` that can be changed. */
function linksWith(routes: Record<number, string>, memory: LinkMemory = newMemory()): PodLinks {
  const prefix = undefined;
  const line = ([last, device]: readonly [string, string]): string =>
    `${device}\t${Number(last).toString(16).padStart(2, "0").toUpperCase()}00000A\t00000000\t0005\t0\t0\t0\tFFFFFFFF\t0\t0\t0\n`;
  const table = (): string => header + Object.entries(routes).map(line).join("");
  return new PodLinks(prefix, memory, (family) => (family === 4 ? table() : ""));
}

function newMemory(): LinkMemory {
  let kept: ReadonlyMap<string, string> | undefined;
  return {
    recall: async () => kept,
    keep: (links) => {
      kept = links;
    },
  };
}

/** What to refresh with. */
function local(pods: readonly Pod[], uids: ReadonlyMap<string, string> = new Map(), now = 0): LocalPods {
  return { pods, uids, heldUntil: () => undefined, now };
}

describe("the links of a node's pods", () => {
  it("are those that the routes to them name", async () => {
    const links = linksWith({ 1: "cali1", 2: "cali2" });
    const pods = [pod("a", "10.0.0.1"), pod("b", "fd00::1", "10.0.0.2"), pod("c", "10.0.0.3")];
    expect(await links.refresh(local(pods))).toEqual([]);
    expect(pods.map(links.interfaceOf)).toEqual(["cali1", "cali2", undefined]);
    expect(links.podInterfacePrefix).toBe("cali");
  });

  it("are looked for among IPv6's routes where a pod has such an address", async () => {
    const asked: number[] = [];
    const line = `fd000000000000000000000000000001 80 ${"0".repeat(32)} 00 ${"0".repeat(32)} 00000400 00000001 00000000 00000001 cali1\n`;
    const links = new PodLinks(undefined, newMemory(), (family) => {
      asked.push(family);
      return family === 6 ? line : header;
    });
    await links.refresh(local([pod("a", "10.0.0.1")]));
    expect(asked).toEqual([4]);
    const dual = pod("b", "fd00::1");
    await links.refresh(local([dual]));
    expect([asked, links.interfaceOf(dual)]).toEqual([[4, 4, 6], "cali1"]);
  });

  it("stay theirs: a new pod with an old one's address does not get its rules", async () => {
    const routes: Record<number, string> = { 1: "cali1" };
    const links = linksWith(routes);
    const old = pod("old", "10.0.0.1");
    await links.refresh(local([old]));
    routes[1] = "cali2";
    expect(await links.refresh(local([old]))).toEqual([{ pod: old, because: expect.stringContaining("cali2") }]);
    expect(links.interfaceOf(old)).toBeUndefined();
    // A later pod of its name is another one.
    expect(await links.refresh(local([old], new Map([[podKey(old), "2"]])))).toEqual([]);
  });

  it("are looked for again when routes are others, though the pods are the same", async () => {
    const routes: Record<number, string> = { 1: "cali1" };
    const links = linksWith(routes);
    const [first, second] = [pod("first", "10.0.0.1"), pod("second", "10.0.0.2")];
    const pods = local([first, second, pod("waiting")]);
    expect(await links.refresh(pods)).toEqual([]);
    routes[2] = "cali2";
    expect(await links.refresh(pods)).toEqual([]);
    expect(await links.refresh(pods)).toEqual([]);
    expect([first, second].map(links.interfaceOf)).toEqual(["cali1", "cali2"]);
    routes[1] = "cali3";
    expect(await links.refresh(pods)).toEqual([{ pod: first, because: expect.stringContaining("cali3") }]);
    routes[1] = "cali1";
    expect(await links.refresh(pods)).toEqual([]);
    expect(links.interfaceOf(first)).toBe("cali1");
  });

  it("stay theirs for the next agent too", async () => {
    const memory = newMemory();
    const old = pod("old", "10.0.0.1");
    await linksWith({ 1: "cali1" }, memory).refresh(local([old]));
    const displaced = await linksWith({ 1: "cali2" }, memory).refresh(local([old]));
    expect(displaced.map((one) => one.pod)).toEqual([old]);
  });

  it("are not given to a pod while it is held, but stay with one that has them", async () => {
    const routes: Record<number, string> = { 1: "cali1", 2: "cali2" };
    const links = linksWith(routes);
    const [old, fresh] = [pod("old", "10.0.0.1"), pod("fresh", "10.0.0.2")];
    await links.refresh(local([old]));
    const heldAt = (now: number) => links.refresh({ pods: [old, fresh], uids: new Map(), heldUntil: () => 1_000, now });
    expect(await heldAt(0)).toEqual([{ pod: fresh, because: expect.stringContaining("another pod"), until: 1_000 }]);
    expect(links.interfaceOf(old)).toBe("cali1");
    expect(links.interfaceOf(fresh)).toBeUndefined();
    expect(await heldAt(1_000)).toEqual([]);
    expect(links.interfaceOf(fresh)).toBe("cali2");
  });

  it("are held for a pod that came while no agent ran", async () => {
    const memory = newMemory();
    const [old, fresh] = [pod("old", "10.0.0.1"), pod("fresh", "10.0.0.2")];
    const routes = { 1: "cali1", 2: "cali2" };
    await linksWith(routes, memory).refresh(local([old]));
    const links = linksWith(routes, memory);
    expect((await links.refresh(local([old, fresh]))).map((one) => one.pod)).toEqual([fresh]);
    expect(await links.refresh(local([old, fresh], new Map(), holdMs))).toEqual([]);
  });
});

describe("how pods' links are called", () => {
  it("is found by a plugin's way to name them", () => {
    expect(commonPrefix(["cali12ab", "cali99"], ["eth0"])).toBe("cali");
    expect(commonPrefix(["eni1"], ["ens5"])).toBe("eni");
  });

  it("is not guessed", () => {
    expect(commonPrefix([], [])).toBeUndefined();
    expect(commonPrefix(["cali1", "veth2"], [])).toBeUndefined();
    expect(commonPrefix(["eth1"], ["eth0"])).toBeUndefined();
  });

  it("is never the way out", () => {
    expect(commonPrefix(["veth1"], ["veth0"])).toBeUndefined();
  });
});
