import { type Atom, type Direction, type Family, type LocalPod, type NodePlan, formatAddress } from "@podwall/engine";
import { familyWords } from "./address-family.ts";
import { addElements } from "./commands.ts";
import { unjudged } from "./judge-chains.ts";
import { localAddresses } from "./local-addresses.ts";
import type { RuleSetChain } from "./rule-set-chain.ts";

/** Commands that create and fill the map from every address of a family, by interval, to its identity. */
export function createAtoms(
  name: string,
  atoms: readonly Atom[],
  family: Family,
  ids: ReadonlyMap<string, number>,
): string[] {
  const { ip } = familyWords[family];
  const elements = atoms.map(
    ({ first, last, identity }) => `${formatAddress(first)}-${formatAddress(last)} : ${ids.get(identity) as number}`,
  );
  return [
    `add map inet podwall ${name} { typeof ct original ${ip} saddr : meta priority; flags interval; }`,
    ...addElements(name, elements),
  ];
}

/** Commands that create and fill a map from pod addresses to identities. */
export function createPods(
  name: string,
  family: Family,
  pods: Iterable<readonly [address: string, id: number]>,
): string[] {
  const { ip } = familyWords[family];
  return [
    `add map inet podwall ${name} { typeof ct original ${ip} saddr : meta priority; }`,
    ...addElements(
      name,
      [...pods].map(([address, id]) => `${address} : ${id}`),
    ),
  ];
}

/** The names of the sets that say which local pods there are and what judges them. */
export interface DispatchNames {
  readonly ready: string;
  readonly readyAddress?: string;
  readonly itself: string;
  readonly ownNode?: string;
  readonly egress: string;
  readonly ingress: string;
}

/** Commands that create and fill what depends on the local pods alone. */
export function createDispatch(
  names: DispatchNames,
  plan: NodePlan,
  family: Family,
  ruleSets: ReadonlyMap<string, RuleSetChain>,
): string[] {
  const { ip } = familyWords[family];
  const local = localTexts(plan, family);
  const judge = (key: string): string => `goto ${(ruleSets.get(key) as RuleSetChain).name}`;
  const verdict = (pod: LocalPod, direction: Direction): string => {
    const key = pod[direction];
    if (key !== undefined) return judge(key);
    return pod.egress === undefined && pod.ingress === undefined ? "return" : `goto ${unjudged}`;
  };
  const linked = local.filter(({ pod }) => pod.interfaceName !== undefined);
  const unlinked = local.filter(({ pod }) => pod.interfaceName === undefined);
  return [
    `add set inet podwall ${names.ready} { typeof iifname . ${ip} saddr; }`,
    ...addElements(
      names.ready,
      linked.map(({ pod, address }) => `"${pod.interfaceName as string}" . ${address}`),
    ),
    ...(names.readyAddress === undefined
      ? []
      : [
          `add set inet podwall ${names.readyAddress} { typeof ${ip} saddr; }`,
          ...addElements(
            names.readyAddress,
            unlinked.map(({ address }) => address),
          ),
        ]),
    `add map inet podwall ${names.itself} { typeof ct original ${ip} saddr . ct reply ${ip} saddr : verdict; }`,
    ...addElements(
      names.itself,
      local.map(({ pod, address }) => {
        const key = pod.itself?.[family];
        return `${address} . ${address} : ${key === undefined ? `goto commit${family}` : judge(key)}`;
      }),
    ),
    ...(names.ownNode === undefined
      ? []
      : [
          `add map inet podwall ${names.ownNode} { typeof ct original ${ip} saddr : verdict; }`,
          ...addElements(
            names.ownNode,
            local.map(
              ({ pod, address }) => `${address} : ${pod.ownNode === undefined ? "accept" : judge(pod.ownNode)}`,
            ),
          ),
        ]),
    ...(["egress", "ingress"] as const).flatMap((direction) => [
      `add map inet podwall ${names[direction]} { typeof ct original ${ip} saddr : verdict; }`,
      ...addElements(
        names[direction],
        local.map(({ pod, address }) => `${address} : ${verdict(pod, direction)}`),
      ),
    ]),
  ];
}

/** One text for each meaning of a plan's local pods, in terms of the rule set chains that judge them. */
export function dispatchText(plan: NodePlan, family: Family, ruleSets: ReadonlyMap<string, RuleSetChain>): string {
  const nameOf = (key: string | undefined): string => (key === undefined ? "-" : (ruleSets.get(key)?.name ?? "?"));
  return localTexts(plan, family)
    .map(({ pod, address }) =>
      [
        address,
        pod.interfaceName ?? "-",
        ...[pod.egress, pod.ingress, pod.ownNode, pod.itself?.[family]].map(nameOf),
      ].join(" "),
    )
    .sort()
    .join("\n");
}

/** Whether tiers may deny something that some local pod sends to the node. */
export function judgesOwnNode(plan: NodePlan): boolean {
  return [...plan.localPods.values()].some((pod) => pod.ownNode !== undefined);
}

/** Whether some local pod shares its link with others. */
export function hasSharedLinks(plan: NodePlan): boolean {
  return [...plan.localPods.values()].some((pod) => pod.interfaceName === undefined);
}

function localTexts(plan: NodePlan, family: Family): { readonly pod: LocalPod; readonly address: string }[] {
  return [...localAddresses(plan)]
    .filter(([, local]) => local.address.family === family)
    .map(([address, { pod }]) => ({ address, pod }));
}
