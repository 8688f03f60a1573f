import { type Cluster, type Pod, type Service, formatAddress } from "@podwall/engine";
import type { Zone } from "../pod/messages.ts";
import { podsOfService } from "./frontends.ts";

export const clusterDomain = "cluster.local";

/** The names of a cluster's DNS: Services, pods of headless Services, and each pod by its address. */
export function zoneOf(cluster: Cluster): Zone {
  const zone = new Map<string, string[]>();
  const add = (name: string, addresses: Iterable<string>): void => {
    const key = name.toLowerCase();
    zone.set(key, [...new Set([...(zone.get(key) ?? []), ...addresses])]);
  };
  for (const service of cluster.services) {
    const domain = `${service.name}.${service.namespace}.svc.${clusterDomain}`;
    add(domain, addressesOf(cluster, service));
    if (!service.headless) continue;
    for (const pod of podsOfService(cluster, service)) {
      // Only a StatefulSet gives its pods host names that last.
      if (pod.workload?.kind === "StatefulSet") add(`${pod.name}.${domain}`, pod.addresses.map(formatAddress));
    }
  }
  for (const pod of cluster.pods)
    for (const address of pod.addresses) add(podName(pod, formatAddress(address)), [formatAddress(address)]);
  return Object.fromEntries(zone);
}

/** What a pod's /etc/resolv.conf says. */
export function resolvConf(namespace: string, dnsAddresses: readonly string[]): string {
  const search = [`${namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain];
  return [
    ...dnsAddresses.map((address) => `nameserver ${address}`),
    `search ${search.join(" ")}`,
    "options ndots:5 timeout:2 attempts:2",
    "",
  ].join("\n");
}

/** What a pod's /etc/hosts says. */
export function hostsFile(name: string, addresses: readonly string[]): string {
  const local = ["127.0.0.1\tlocalhost", "::1\tlocalhost ip6-localhost ip6-loopback"];
  return [...local, ...addresses.map((address) => `${address}\t${name}`), ""].join("\n");
}

function addressesOf(cluster: Cluster, service: Service): string[] {
  if (!service.headless) return service.addresses.map(formatAddress);
  return podsOfService(cluster, service).flatMap((pod) => pod.addresses.map(formatAddress));
}

function podName(pod: Pod, address: string): string {
  return `${address.replaceAll(/[.:]/g, "-")}.${pod.namespace}.pod.${clusterDomain}`;
}
