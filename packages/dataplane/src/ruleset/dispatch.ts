import { type Direction, type Family, type LocalPod, type NodePlan } from "@podwall/engine";
import { type FamilyWords, familyWords } from "./address-family.ts";
import { addElements } from "./commands.ts";
import { unjudged } from "./judge-chains.ts";
import type { DispatchKind, DispatchNames } from "./judgement.ts";
import { localAddresses } from "./local-addresses.ts";
import type { RuleSetChain } from "./rule-set-chain.ts";

/** What one of the sets and maps holds that say which local pods there are and what judges them. */
export interface DispatchSet {
  /** `set { … }` or `map { … }`, as nft declares it. */
  readonly declared: readonly [kind: "set" | "map", type: string];
  /** By the address of the pod that an element is about. */
  readonly elements: ReadonlyMap<string, DispatchElement>;
}

export interface DispatchElement {
  readonly key: string;
  /** Absent in a set. */
  readonly verdict?: string;
}

/** All of one family. Some are there only where they say something. */
export type Dispatch = ReadonlyMap<DispatchKind, DispatchSet>;

/** How the names of the sets and maps begin. */
const words: Readonly<Record<DispatchKind, string>> = {
  ready: "ready",
  readyAddress: "ready_address",
  itself: "itself",
  ownNode: "own_node",
  egress: "dispatch_egress",
  ingress: "dispatch_ingress",
};

/** What depends on the local pods alone, and on the chains of the rule sets that judge them. */
export function dispatchOf(plan: NodePlan, family: Family, ruleSets: ReadonlyMap<string, RuleSetChain>): Dispatch {
  const { ip } = familyWords[family];
  const local = [...localAddresses(plan)]
    .filter(([, { address }]) => address.family === family)
    .map(([address, { pod }]) => ({ address, pod }));
  const judge = (key: string): string => `goto ${(ruleSets.get(key) as RuleSetChain).name}`;
  const elements = (of: (found: LocalText) => DispatchElement | undefined): DispatchSet["elements"] =>
    new Map(
      local.flatMap((found) => {
        const element = of(found);
        return element === undefined ? [] : [[found.address, element] as const];
      }),
    );
  const byAddress: DispatchSet["declared"] = ["map", `{ typeof ct original ${ip} saddr : verdict; }`];
  const direction = (direction: Direction): DispatchSet => ({
    declared: byAddress,
    elements: elements(({ address, pod }) => ({ key: address, verdict: verdictOf(pod, direction, judge) })),
  });
  return new Map<DispatchKind, DispatchSet>([
    ["ready", readySet(ip, elements)],
    ...(hasSharedLinks(plan) ? [["readyAddress", readyAddressSet(ip, elements)] as const] : []),
    [
      "itself",
      {
        declared: ["map", `{ typeof ct original ${ip} saddr . ct reply ${ip} saddr : verdict; }`],
        elements: elements(({ address, pod }) => {
          const key = pod.itself?.[family];
          return { key: `${address} . ${address}`, verdict: key === undefined ? `goto commit${family}` : judge(key) };
        }),
      },
    ],
    ...(judgesOwnNode(plan)
      ? [
          [
            "ownNode",
            {
              declared: byAddress,
              elements: elements(({ address, pod }) => ({
                key: address,
                verdict: pod.ownNode === undefined ? "accept" : judge(pod.ownNode),
              })),
            },
          ] as const,
        ]
      : []),
    ["egress", direction("egress")],
    ["ingress", direction("ingress")],
  ]);
}

interface LocalText {
  readonly address: string;
  readonly pod: LocalPod;
}

type Elements = (of: (found: LocalText) => DispatchElement | undefined) => DispatchSet["elements"];

function readySet(ip: FamilyWords["ip"], elements: Elements): DispatchSet {
  return {
    declared: ["set", `{ typeof iifname . ${ip} saddr; }`],
    elements: elements(({ address, pod: { interfaceName } }) =>
      interfaceName === undefined ? undefined : { key: `"${interfaceName}" . ${address}` },
    ),
  };
}

function readyAddressSet(ip: FamilyWords["ip"], elements: Elements): DispatchSet {
  return {
    declared: ["set", `{ typeof ${ip} saddr; }`],
    elements: elements(({ address, pod }) => (pod.interfaceName === undefined ? { key: address } : undefined)),
  };
}

function verdictOf(pod: LocalPod, direction: Direction, judge: (key: string) => string): string {
  const key = pod[direction];
  if (key !== undefined) return judge(key);
  return pod.egress === undefined && pod.ingress === undefined ? "return" : `goto ${unjudged}`;
}

/** Whether tiers may deny something that some local pod sends to the node. */
function judgesOwnNode(plan: NodePlan): boolean {
  return [...plan.localPods.values()].some((pod) => pod.ownNode !== undefined);
}

/** Whether some local pod shares its link with others. */
function hasSharedLinks(plan: NodePlan): boolean {
  return [...plan.localPods.values()].some((pod) => pod.interfaceName === undefined);
}

/** The names that a generation gives to what it brings. */
export function dispatchNames(dispatch: Dispatch, family: Family, generation: number): DispatchNames {
  const named = [...dispatch.keys()].map((kind) => [kind, `${words[kind]}${family}_${generation}`] as const);
  return Object.fromEntries(named) as Record<DispatchKind, string>;
}

/** Commands that create and fill one of them. */
export function createDispatchSet(name: string, { declared: [kind, type], elements }: DispatchSet): string[] {
  return [`add ${kind} inet podwall ${name} ${type}`, ...addElements(name, [...elements.values()].map(elementText))];
}

/** What nft reads as an element that is added. */
export function elementText({ key, verdict }: DispatchElement): string {
  return verdict === undefined ? key : `${key} : ${verdict}`;
}
