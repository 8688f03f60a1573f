import { type Cidr, parseCidr } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { findBypasses } from "./find-bypasses.ts";
import type { NodeNetwork } from "./node-network.ts";

const cidr = (text: string): Cidr => parseCidr(text).cidr as Cidr;
const quiet: NodeNetwork = {
  interfaces: ["lo", "eth0"],
  bridges: new Map(),
  bridgesKnown: true,
  connected: [],
  bridgeFilter: undefined,
  virtualServers: "",
  flowtables: "",
};
const places = { ranges: [cidr("10.244.1.0/24"), cidr("fd00:244:1::/64")], interfacePrefix: undefined };
const cni0: NodeNetwork = {
  ...quiet,
  bridges: new Map([["cni0", ["veth1"]]]),
  connected: [
    { device: "cni0", range: cidr("10.244.1.1/24") },
    { device: "cni0", range: cidr("fe80::/64") },
  ],
};
const kinds = (network: NodeNetwork, where: Parameters<typeof findBypasses>[1] = places): string[] =>
  findBypasses(network, where).map(({ kind }) => kind);

describe("ways past the rules", () => {
  it("are none on a node that routes to its pods", () => {
    expect(findBypasses(quiet, places)).toEqual([]);
  });

  it("are a bridge of pods that shows nothing to the rules", () => {
    const [found] = findBypasses(cni0, places);
    expect(found).toMatchObject({ kind: "bridge", found: expect.stringContaining("cni0") });
    expect(found?.mend).toBe(
      "`modprobe br_netfilter` and `sysctl -w net.bridge.bridge-nf-call-iptables=1`, at every boot",
    );
    expect(kinds({ ...cni0, bridgeFilter: { 4: false, 6: true } })).toEqual(["bridge"]);
    expect(kinds({ ...cni0, bridgeFilter: { 4: true, 6: false } })).toEqual([]);
    const dual = { ...cni0, connected: [...cni0.connected, { device: "cni0", range: cidr("fd00:244:1::1/64") }] };
    expect(kinds({ ...dual, bridgeFilter: { 4: true, 6: false } })).toEqual(["bridge"]);
  });

  it("are no bridge of something else: a container engine's, or the node's own", () => {
    const docker0 = { ...cni0, connected: [{ device: "docker0", range: cidr("172.17.0.1/16") }] };
    expect(kinds({ ...docker0, bridges: new Map([["docker0", ["veth1"]]]) })).toEqual([]);
    expect(kinds(docker0, { ranges: [], interfacePrefix: "cali" })).toEqual([]);
  });

  it("are a bridge with pods' links by their names, where no range is known", () => {
    const bare = { ...cni0, connected: [] };
    expect(kinds(bare, { ranges: [], interfacePrefix: undefined })).toEqual(["bridge"]);
    expect(kinds(bare, { ranges: [], interfacePrefix: "ve" })).toEqual(["bridge"]);
    expect(kinds(bare)).toEqual([]);
  });

  it("are IPVS, by kube-proxy's link or by what it serves", () => {
    expect(kinds({ ...quiet, interfaces: ["lo", "kube-ipvs0"] })).toEqual(["ipvs"]);
    const head = "IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n";
    expect(kinds({ ...quiet, virtualServers: head })).toEqual([]);
    expect(kinds({ ...quiet, virtualServers: `${head}TCP  0A600001:01BB rr\n` })).toEqual(["ipvs"]);
  });

  it("are flowtables with interfaces", () => {
    const table = (dev: unknown): string =>
      JSON.stringify({ nftables: [{ metainfo: {} }, { flowtable: { family: "inet", table: "t", name: "f", dev } }] });
    expect(kinds({ ...quiet, flowtables: table(["eth0", "veth1"]) })).toEqual(["flowtable"]);
    expect(kinds({ ...quiet, flowtables: table("eth0") })).toEqual(["flowtable"]);
    expect(kinds({ ...quiet, flowtables: table(undefined) })).toEqual([]);
  });
});
