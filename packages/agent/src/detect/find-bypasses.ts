import { type Cidr, cidrContains } from "@podwall/engine";
import type { Bypass } from "./bypass.ts";
import type { NodeNetwork } from "./node-network.ts";

/** What is known of where this node's pods are; all of it may be unknown. */
export interface PodPlaces {
  readonly ranges: readonly Cidr[];
  readonly interfacePrefix: string | undefined;
}

/** The ways past the rules, which are in the kernel's forward and input hooks. */
export function findBypasses(network: NodeNetwork, places: PodPlaces): readonly Bypass[] {
  return [...bridges(network, places), ...virtualServers(network), ...flowtables(network)];
}

/** How container runtimes name the node's end of a link, where nobody says how pods' are named. */
const usualPrefix = "veth";

/**
 * A bridge carries frames from pod to pod by itself; with br_netfilter it shows them to the forward hook
 * (Documentation/networking/bridge.rst).
 */
function bridges({ bridges: all, connected, bridgeFilter }: NodeNetwork, places: PodPlaces): Bypass[] {
  return [...all].flatMap(([bridge, ports]): Bypass[] => {
    const carried = connected.filter(
      ({ device, range }) => device === bridge && places.ranges.some((one) => overlaps(one, range)),
    );
    const isByName =
      places.interfacePrefix === undefined
        ? places.ranges.length === 0 && ports.some((port) => port.startsWith(usualPrefix))
        : ports.some((port) => port.startsWith(places.interfacePrefix ?? ""));
    if (carried.length === 0 && !isByName) return [];
    const families = new Set(carried.length === 0 ? [4 as const] : carried.map(({ range }) => range.family));
    const open = [...families].filter((family) => bridgeFilter?.[family] !== true);
    if (open.length === 0) return [];
    const settings = open.map((family) => `net.bridge.bridge-nf-call-${family === 4 ? "iptables" : "ip6tables"}=1`);
    const found = `the bridge ${bridge} carries packets from pod to pod of this node past all rules`;
    const load = bridgeFilter === undefined ? "`modprobe br_netfilter` and " : "";
    return [{ kind: "bridge", found, mend: `${load}\`sysctl -w ${settings.join(" ")}\`, at every boot` }];
  });
}

/** IPVS takes packets to a Service out of the input hook and sends them by the output hook: never by the forward one. */
function virtualServers({ interfaces, virtualServers: text }: NodeNetwork): Bypass[] {
  const isProxy = interfaces.includes("kube-ipvs0");
  const isServing = /^(TCP|UDP|SCTP|FWM) /m.test(text);
  if (!isProxy && !isServing) return [];
  const found = isProxy ? "kube-proxy is in IPVS mode (there is kube-ipvs0)" : "IPVS serves here (/proc/net/ip_vs)";
  const mend =
    "run kube-proxy in nftables or iptables mode, then `kube-proxy --cleanup` or reboot; packets by IPVS pass no forward hook";
  return [{ kind: "ipvs", found, mend }];
}

/** A flow in a flowtable goes from interface to interface at the ingress hook: live connections are not judged again. */
function flowtables({ flowtables: text }: NodeNetwork): Bypass[] {
  return flowtablesOf(text).map(({ family, table, name, devices }) => ({
    kind: "flowtable",
    found: `the flowtable ${name} of table ${family} ${table} forwards connections by ${devices.join(", ")} past all rules`,
    mend: `turn flow offload off in what made it, or \`nft delete flowtable ${family} ${table} ${name}\` and the rules that add to it`,
  }));
}

function overlaps(one: Cidr, other: Cidr): boolean {
  return cidrContains(one, other.first) || cidrContains(other, one.first);
}

interface Flowtable {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly devices: readonly string[];
}

/** Reads nft's JSON; a flowtable without interfaces forwards nothing. @throws Error where it is none */
function flowtablesOf(text: string): readonly Flowtable[] {
  if (text === "") return [];
  const { nftables } = parsed(text) as { readonly nftables?: readonly { readonly flowtable?: RawFlowtable }[] };
  return (nftables ?? []).flatMap(({ flowtable }) => {
    if (flowtable === undefined) return [];
    const { family, table, name, dev = [] } = flowtable;
    const devices = typeof dev === "string" ? [dev] : dev;
    return devices.length === 0 ? [] : [{ family, table, name, devices }];
  });
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // It is told below.
  }
  throw new Error(`nft listed no flowtables, but ${JSON.stringify(text.slice(0, 80))}`);
}

interface RawFlowtable {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  /** nft writes a single one without brackets. */
  readonly dev?: string | readonly string[];
}
