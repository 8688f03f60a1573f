import { replaceRules } from "./commands.ts";

/**
 * Where the maps of egress and ingress send the packets of a local pod's address: a chain that it shares with nobody, whose one
 * rule says what judges them. So when something else is to judge them the address's element stays what it is, and the maps with it;
 * and a packet goes by what judges it in its own generation, as rules have one and elements have not. A name is given out once.
 */
export interface PodChain {
  readonly name: string;
  readonly rule: string;
}

/** Commands that create pod chains that no element leads to yet. */
export function createPodChains(chains: readonly PodChain[]): string[] {
  return chains.flatMap(({ name, rule }) => [
    `add chain inet podwall ${name}`,
    `add rule inet podwall ${name} ${rule}`,
  ]);
}

/** Commands that have others judge. */
export function replacePodChains(chains: readonly PodChain[]): string[] {
  return chains.flatMap(({ name, rule }) => replaceRules(name, [rule]));
}
