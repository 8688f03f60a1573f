import { readFileSync } from "node:fs";
import { type Family, type NodeLinks, type Pod, sameForSame } from "@podwall/engine";
import { podTexts } from "../pod-texts.ts";
import { type HostRoutes, defaultDevices, hostRoutes } from "./host-routes.ts";
import { holdMs } from "./address-claims.ts";
import type { LinkMemory } from "./link-memory.ts";

/**
 * How the node's ends of pod links are called by network plugins that give every pod one of its own: Calico and others,
 * the AWS and Azure ones, GKE's, Cilium's chaining mode, and `ptp`.
 */
const knownPrefixes = ["cali", "eni", "azv", "gke", "lxc", "veth"];

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
  readonly #readTable: (family: Family) => string;
  readonly #haveIpv6 = sameForSame(haveIpv6);
  readonly #routesOf = sameForSame(hostRoutes);
  #prefix: string | undefined;
  readonly #memory: LinkMemory;
  /** By pod, uid and addresses; undefined until it is recalled. */
  #devices: ReadonlyMap<string, string> | undefined;
  #deviceOf: ReadonlyMap<Pod, string> = new Map();
  /** By pod, uid and addresses: those that came while no agent ran, whose addresses may have been others' until then. */
  #heldAtStart: ReadonlyMap<string, number> = new Map();
  /** With what every pod that has an address has its link: while these are the same there is nothing to find out. */
  #settled: (Pick<LocalPods, "pods" | "uids"> & { readonly routes: HostRoutes }) | undefined;

  /** Where `prefix` is not given it is found out by the first pods' links, if they have any. */
  constructor(prefix: string | undefined, memory: LinkMemory, readTable: (family: Family) => string = kernelTable) {
    this.#prefix = prefix;
    this.#memory = memory;
    this.#readTable = readTable;
  }

  get podInterfacePrefix(): string | undefined {
    return this.#prefix;
  }

  readonly interfaceOf = (pod: Pod): string | undefined => this.#deviceOf.get(pod);

  /** What the plan needs, as it is now. */
  get links(): NodeLinks {
    const { interfaceOf } = this;
    return { interfaceOf, ...(this.#prefix === undefined ? {} : { podInterfacePrefix: this.#prefix }) };
  }

  /** Reads the routes anew. Gives the pods whose addresses others have, or may have. */
  async refresh(local: LocalPods): Promise<readonly Displaced[]> {
    const { pods, uids, now } = local;
    const ipv4 = this.#readTable(4);
    // Every link has several routes in there, pods with such addresses or not.
    const ipv6 = this.#haveIpv6(pods) ? this.#readTable(6) : "";
    const routes = this.#routesOf(ipv4, ipv6);
    this.#devices ??= await this.#recall(
      pods.map((pod) => identityOf(pod, uids)),
      now,
    );
    const settled = this.#settled;
    const isAsBefore = settled?.pods === pods && settled.uids === uids && settled.routes === routes;
    const displaced = isAsBefore ? [] : this.#find(local, routes, this.#devices);
    this.#memory.keep(this.#devices);
    this.#prefix ??= commonPrefix([...this.#deviceOf.values()], defaultDevices(ipv4));
    return displaced;
  }

  #find(
    { pods, uids, heldUntil, now }: LocalPods,
    routes: HostRoutes,
    known: ReadonlyMap<string, string>,
  ): readonly Displaced[] {
    const devices = new Map<string, string>();
    const deviceOf = new Map<Pod, string>();
    const displaced: Displaced[] = [];
    for (const pod of pods) {
      const identity = identityOf(pod, uids);
      const routed = routeTo(pod, routes);
      const before = known.get(identity);
      if (before !== undefined) devices.set(identity, before);
      const until = before === undefined ? Math.max(heldUntil(pod) ?? 0, this.#heldAtStart.get(identity) ?? 0) : 0;
      if (before !== undefined && routed !== undefined && before !== routed) {
        displaced.push({ pod, because: `its address is routed to ${routed}, which is not its link` });
      } else if (until > now) {
        displaced.push({ pod, because: "another pod has its address, or had it until just now", until });
      } else if (routed !== undefined) {
        devices.set(identity, routed);
        deviceOf.set(pod, routed);
      }
    }
    this.#devices = devices;
    this.#deviceOf = deviceOf;
    const isSettled = pods.every((pod) => deviceOf.has(pod) || pod.addresses.length === 0);
    this.#settled = isSettled ? { pods, uids, routes } : undefined;
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

function identityOf(pod: Pod, uids: LocalPods["uids"]): string {
  const { key, addresses } = podTexts(pod);
  return [key, uids.get(key), ...addresses].join(" ");
}

function haveIpv6(pods: readonly Pod[]): boolean {
  return pods.some(({ addresses }) => addresses.some(({ family }) => family === 6));
}

function routeTo(pod: Pod, routes: HostRoutes): string | undefined {
  for (const address of podTexts(pod).addresses) {
    const device = routes.get(address);
    if (device !== undefined) return device;
  }
  return undefined;
}

const pathOf: Readonly<Record<Family, string>> = { 4: "/proc/net/route", 6: "/proc/net/ipv6_route" };

/**
 * Empty where the kernel has no such table, as without IPv6. Read at once: the kernel makes it up of its memory, and handing that
 * to a thread takes several times as long.
 */
function kernelTable(family: Family): string {
  try {
    return readFileSync(pathOf[family], "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
