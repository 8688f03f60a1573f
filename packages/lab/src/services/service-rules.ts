import { type Address, type ClusterNode, type Family, formatAddress } from "@podwall/engine";
import type { Frontend } from "./frontends.ts";

const table = "inet podwall_lab";

/**
 * What kube-proxy does on a node, as nft text that replaces whatever was there before: each new connection to a Service goes
 * to one of its backends at random; one that has none is refused; a pod that gets back to itself sees its node's address.
 */
export function serviceRules(frontends: readonly Frontend[], node: ClusterNode): string {
  const served = frontends.filter(({ backends }) => backends.length > 0);
  const unserved = frontends.filter(({ backends }) => backends.length === 0);
  return [
    `add table ${table}`,
    `delete table ${table}`,
    `table ${table} {`,
    ...served.flatMap((frontend, index) => serviceChains(frontend, index)),
    ...chain("services", dispatch(served)),
    ...chain("prerouting", ["type nat hook prerouting priority dstnat; policy accept;", "jump services"]),
    ...chain("output", ["type nat hook output priority -100; policy accept;", "jump services"]),
    ...chain("postrouting", ["type nat hook postrouting priority srcnat; policy accept;", ...hairpin(served, node)]),
    ...chain("forward", ["type filter hook forward priority filter + 10; policy accept;", ...refuse(unserved)]),
    ...chain("local", ["type filter hook output priority filter + 10; policy accept;", ...refuse(unserved)]),
    "}",
    "",
  ].join("\n");
}

function serviceChains({ protocol, backends, address }: Frontend, service: number): string[] {
  const choices = backends.map((_, index) => `${index} : goto backend_${service}_${index}`).join(", ");
  return [
    ...backends.flatMap((backend, index) =>
      chain(`backend_${service}_${index}`, [
        `meta l4proto ${protocol.toLowerCase()} dnat ${words[address.family].ip} to ${destination(backend.address, backend.port)}`,
      ]),
    ),
    ...chain(`service_${service}`, [`numgen random mod ${backends.length} vmap { ${choices} }`]),
  ];
}

const words: Readonly<Record<Family, { readonly ip: string }>> = { 4: { ip: "ip" }, 6: { ip: "ip6" } };
const families: readonly Family[] = [4, 6];

function dispatch(served: readonly Frontend[]): string[] {
  return families.flatMap((family) => {
    const elements = served.flatMap((frontend, index) =>
      frontend.address.family === family ? [`${keyOf(frontend)} : goto service_${index}`] : [],
    );
    if (elements.length === 0) return [];
    return [`${words[family].ip} daddr . meta l4proto . th dport vmap { ${[...new Set(elements)].join(", ")} }`];
  });
}

function hairpin(served: readonly Frontend[], node: ClusterNode): string[] {
  return families.flatMap((family) => {
    const source = node.addresses.find((address) => address.family === family);
    const addresses = served
      .flatMap(({ backends }) => backends.map(({ address }) => address))
      .filter((address) => address.family === family)
      .map(formatAddress);
    if (source === undefined || addresses.length === 0) return [];
    const { ip } = words[family];
    const pairs = [...new Set(addresses)].map((address) => `${address} . ${address}`).join(", ");
    return [`ct status dnat ${ip} saddr . ${ip} daddr { ${pairs} } snat ${ip} to ${formatAddress(source)}`];
  });
}

function refuse(unserved: readonly Frontend[]): string[] {
  return families.flatMap((family) => {
    const elements = unserved.filter(({ address }) => address.family === family).map(keyOf);
    if (elements.length === 0) return [];
    return [`${words[family].ip} daddr . meta l4proto . th dport { ${[...new Set(elements)].join(", ")} } reject`];
  });
}

function keyOf({ address, protocol, port }: Frontend): string {
  return `${formatAddress(address)} . ${protocol.toLowerCase()} . ${port}`;
}

function destination(address: Address, port: number): string {
  return address.family === 4 ? `${formatAddress(address)}:${port}` : `[${formatAddress(address)}]:${port}`;
}

function chain(name: string, lines: readonly string[]): string[] {
  return [`  chain ${name} {`, ...lines.map((line) => `    ${line}`), "  }"];
}
