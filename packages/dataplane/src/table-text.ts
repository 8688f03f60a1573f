import type { NodePlan } from "@podwall/engine";
import { defaultMarkBits } from "./ruleset/mark.ts";
import { fullTransition } from "./ruleset/full-transition.ts";
import { defaultSparing } from "./ruleset/spans.ts";
import { unmarkedSwitch } from "./ruleset/transition.ts";

/**
 * The commands that put a plan in force where podwall has no table: a file for nft, without an agent. Where there is a table
 * the first command fails, and with it all, so that rules in force are never replaced. Connections are not marked: what an
 * agent allows later it judges anew.
 */
export function tableText(plan: NodePlan): string {
  const options = { mark: defaultMarkBits, denyWith: "drop", sparing: defaultSparing } as const;
  const numbers = { generation: 1, nextId: 1, nextChain: 1 };
  const { build, next } = fullTransition(plan, 1, numbers, { chains: [], sets: [] }, options);
  return ["create table inet podwall", ...build, ...unmarkedSwitch(next, options), ""].join("\n");
}
