import { stateMap } from "../stored-state.ts";
import { families, familyWords } from "./address-family.ts";
import { deniedSet, judgeChains } from "./judge-chains.ts";

/** Objects that every state has, under names that never change. */
export const fixedChains: readonly string[] = [...judgeChains, "forward", "input"];
export const fixedSets: readonly string[] = [
  stateMap,
  ...families.flatMap((family) => [deniedSet("egress", family), deniedSet("ingress", family)]),
];

/** What every state has. Creating what exists is no error and changes nothing. */
export function foundation(): string[] {
  return [
    "add table inet podwall",
    `add map inet podwall ${stateMap} { type mark : mark; }`,
    ...families.flatMap((family) =>
      (["egress", "ingress"] as const).map((direction) => {
        const { ip } = familyWords[family];
        const key = `typeof ${ip} saddr . ${ip} daddr . meta l4proto . th dport`;
        return `add set inet podwall ${deniedSet(direction, family)} { ${key}; size 65536; flags dynamic,timeout; timeout 10m; counter; }`;
      }),
    ),
    ...judgeChains.map((chain) => `add chain inet podwall ${chain}`),
    // After DNAT in prerouting and before SNAT in postrouting: both ends have their pod addresses.
    "add chain inet podwall forward { type filter hook forward priority filter - 10; policy accept; }",
    "add chain inet podwall input { type filter hook input priority filter - 10; policy accept; }",
  ];
}
