import { parseAddress } from "@podwall/engine";
import type { DeniedFlow } from "./dataplane.ts";
import type { Nft, NftElement } from "./nft/nft.ts";
import { families } from "./ruleset/address-family.ts";
import { deniedSet } from "./ruleset/judge-chains.ts";

/** Reads the connections that were denied lately. Empty where there is no table. */
export async function readFlows(nft: Nft): Promise<readonly DeniedFlow[]> {
  const objects = await nft.objects();
  const flows: DeniedFlow[] = [];
  for (const direction of ["egress", "ingress"] as const) {
    for (const family of families) {
      const set = deniedSet(direction, family);
      if (!objects?.sets.includes(set)) continue;
      for (const element of await nft.elements(set)) {
        const flow = flowOf(direction, element);
        if (flow !== undefined) flows.push(flow);
      }
    }
  }
  return flows;
}

const protocolByName: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132 };

function flowOf(direction: DeniedFlow["direction"], { key, packets = 0 }: NftElement): DeniedFlow | undefined {
  const [from, to, protocol, port] = key;
  const source = parseAddress(String(from));
  const destination = parseAddress(String(to));
  if (source === undefined || destination === undefined) return undefined;
  const number = typeof protocol === "number" ? protocol : (protocolByName[String(protocol)] ?? 0);
  return { direction, source, destination, protocol: number, port: Number(port), packets };
}
