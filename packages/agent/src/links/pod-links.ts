import { readFile } from "node:fs/promises";
import { type NodeLinks, type Pod, formatAddress } from "@podwall/engine";
import { type HostRoutes, defaultDevices, hostRoutes } from "./host-routes.ts";

/**
 * How the node's ends of pod links are called by network plugins that give every pod one of its own: Calico and others,
 * the AWS and Azure ones, GKE's, Cilium's chaining mode, and `ptp`.
 */
const knownPrefixes = ["cali", "eni", "azv", "gke", "lxc", "veth"];

/** The links of a node's pods, found by the routes to them. */
export class PodLinks {
  #routes: HostRoutes = new Map();
  #prefix: string | undefined;

  /** Where `prefix` is not given it is found out by the first pods' links, if they have any. */
  constructor(prefix: string | undefined) {
    this.#prefix = prefix;
  }

  get podInterfacePrefix(): string | undefined {
    return this.#prefix;
  }

  readonly interfaceOf = (pod: Pod): string | undefined => {
    for (const address of pod.addresses) {
      const device = this.#routes.get(formatAddress(address));
      if (device !== undefined) return device;
    }
    return undefined;
  };

  /** What the plan needs, as it is now. */
  get links(): NodeLinks {
    const { interfaceOf } = this;
    return { interfaceOf, ...(this.#prefix === undefined ? {} : { podInterfacePrefix: this.#prefix }) };
  }

  /** Reads the routes anew. */
  async refresh(pods: readonly Pod[]): Promise<void> {
    const [ipv4, ipv6] = await Promise.all(["/proc/net/route", "/proc/net/ipv6_route"].map(tableText));
    this.#routes = hostRoutes(ipv4 ?? "", ipv6 ?? "");
    this.#prefix ??= commonPrefix(
      pods.flatMap((pod) => this.interfaceOf(pod) ?? []),
      defaultDevices(ipv4 ?? ""),
    );
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

/** Empty where the kernel has no such table, as without IPv6. */
async function tableText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
