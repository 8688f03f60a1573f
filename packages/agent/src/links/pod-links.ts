import { readFile } from "node:fs/promises";
import { type NodeLinks, type Pod, formatAddress, podKey, sameForSame } from "@podwall/engine";
import { type HostRoutes, defaultDevices, hostRoutes } from "./host-routes.ts";
import { holdMs } from "./address-claims.ts";
import type { LinkMemory } from "./link-memory.ts";

/**
 * How the node's ends of pod links are called by network plugins that give every pod one of its own: Calico and others,
 * the AWS and Azure ones, GKE's, Cilium's chaining mode, and `ptp`.
 */
const knownPrefixes = ["cali", "eni", "azv", "gke", "lxc", "veth"];

/** The kernel's tables of routes. */
export interface RouteTables {
  readonly ipv4: string;
  readonly ipv6: string;
}

/** The pods of this node, and what tells them apart. */
export interface LocalPods {
  readonly pods: readonly Pod[];
  /** `metadata.uid` by `namespace/name`: tells a pod from an earlier one of its name. */
  readonly uids: ReadonlyMap<string, string>;
  /** Until when a pod that has no link yet gets none, as its address is another one's or was just now. */
  readonly heldUntil: (pod: Pod) => number | undefined;
  readonly now: number;
}

/** A pod of this node whose address is not its own now, and why nothing is allowed for it. */
export interface Displaced {
  readonly pod: Pod;
  readonly because: string;
  /** When it may have its address, where that is a matter of time. */
  readonly until?: number;
}

/**
 * The links of a node's pods, found by the routes to them. A link once found stays a pod's for as long as the pod has its
 * address: where the route leads to another one, another pod has the address already, and must not get this pod's rules.
 */
export class PodLinks {
  readonly #readTables: () => Promise<RouteTables>;
  readonly #routesOf = sameForSame(hostRoutes);
  #prefix: string | undefined;
  readonly #memory: LinkMemory;
  /** By pod, uid and addresses; undefined until it is recalled. */
  #devices: ReadonlyMap<string, string> | undefined;
  #deviceOf: ReadonlyMap<string, string> = new Map();
  /** By pod, uid and addresses: those that came while no agent ran, whose addresses may have been others' until then. */
  #heldAtStart: ReadonlyMap<string, number> = new Map();

  /** Where `prefix` is not given it is found out by the first pods' links, if they have any. */
  constructor(prefix: string | undefined, memory: LinkMemory, readTables: () => Promise<RouteTables> = kernelTables) {
    this.#prefix = prefix;
    this.#memory = memory;
    this.#readTables = readTables;
  }

  get podInterfacePrefix(): string | undefined {
    return this.#prefix;
  }

  readonly interfaceOf = (pod: Pod): string | undefined => this.#deviceOf.get(podKey(pod));

  /** What the plan needs, as it is now. */
  get links(): NodeLinks {
    const { interfaceOf } = this;
    return { interfaceOf, ...(this.#prefix === undefined ? {} : { podInterfacePrefix: this.#prefix }) };
  }

  /** Reads the routes anew. Gives the pods whose addresses others have, or may have. */
  async refresh({ pods, uids, heldUntil, now }: LocalPods): Promise<readonly Displaced[]> {
    const { ipv4, ipv6 } = await this.#readTables();
    const routes = this.#routesOf(ipv4, ipv6);
    const identityOf = (pod: Pod): string =>
      [podKey(pod), uids.get(podKey(pod)), ...pod.addresses.map(formatAddress)].join(" ");
    const known = this.#devices ?? (await this.#recall(pods.map(identityOf), now));
    const devices = new Map<string, string>();
    const deviceOf = new Map<string, string>();
    const displaced: Displaced[] = [];
    for (const pod of pods) {
      const identity = identityOf(pod);
      const routed = routeTo(pod, routes);
      const before = known.get(identity);
      if (before !== undefined) devices.set(identity, before);
      const until = Math.max(heldUntil(pod) ?? 0, this.#heldAtStart.get(identity) ?? 0);
      if (before !== undefined && routed !== undefined && before !== routed) {
        displaced.push({ pod, because: `its address is routed to ${routed}, which is not its link` });
      } else if (before === undefined && until > now) {
        displaced.push({ pod, because: "another pod has its address, or had it until just now", until });
      } else if (routed !== undefined) {
        devices.set(identity, routed);
        deviceOf.set(podKey(pod), routed);
      }
    }
    await this.#memory.keep(devices);
    this.#devices = devices;
    this.#deviceOf = deviceOf;
    this.#prefix ??= commonPrefix([...deviceOf.values()], defaultDevices(ipv4));
    return displaced;
  }

  /** What the agent before knew. A pod that it did not may have the address of one that went in the meantime. */
  async #recall(identities: readonly string[], now: number): Promise<ReadonlyMap<string, string>> {
    const known = await this.#memory.recall();
    if (known === undefined) return new Map();
    const strangers = identities.filter((identity) => !known.has(identity));
    this.#heldAtStart = new Map(strangers.map((identity) => [identity, now + holdMs]));
    return known;
  }
}

/** The known prefix that all of these names have and none of the others; undefined where there is none. */
export function commonPrefix(names: readonly string[], others: readonly string[]): string | undefined {
  return knownPrefixes.find(
    (prefix) =>
      names.length > 0 &&
      names.every((name) => name.startsWith(prefix)) &&
      !others.some((name) => name.startsWith(prefix)),
  );
}

function routeTo({ addresses }: Pod, routes: HostRoutes): string | undefined {
  for (const address of addresses) {
    const device = routes.get(formatAddress(address));
    if (device !== undefined) return device;
  }
  return undefined;
}

async function kernelTables(): Promise<RouteTables> {
  const [ipv4 = "", ipv6 = ""] = await Promise.all(["/proc/net/route", "/proc/net/ipv6_route"].map(tableText));
  return { ipv4, ipv6 };
}

/** Empty where the kernel has no such table, as without IPv6. */
async function tableText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
