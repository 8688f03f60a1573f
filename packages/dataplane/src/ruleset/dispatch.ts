import type { Family, LocalPod, NodePlan } from "@podwall/engine";
import { familyWords } from "./address-family.ts";
import { addElements } from "./commands.ts";
import type { DispatchKind, DispatchNames } from "./judgement.ts";
import { type LocalAddress, localAddresses } from "./local-addresses.ts";
import type { PodChain } from "./pod-chains.ts";
import { midStream } from "./chain-rules.ts";
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
  /** Where the verdict leads to, where that is a pod chain. */
  readonly podChain?: PodChain;
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

/**
 * What depends on the local pods alone, and on the chains of the rule sets that judge them. What stays as it was `before` is the same
 * object; `nextChain` is the first number that new pod chains may have.
 */
export function dispatchOf(
  plan: NodePlan,
  family: Family,
  ruleSets: ReadonlyMap<string, RuleSetChain>,
  nextChain: number,
  before?: Dispatch,
): { readonly dispatch: Dispatch; readonly nextChain: number } {
  const dispatch = emptyDispatch(plan, family);
  let next = nextChain;
  for (const [address, local] of localAddresses(plan)) {
    if (local.address.family !== family) continue;
    const wanted = elementsOf(local, address, ruleSets);
    for (const [kind, { elements }] of dispatch) {
      if (kind === "egress" || kind === "ingress") {
        const had = before?.get(kind)?.elements.get(address);
        elements.set(
          address,
          throughPodChain(wanted[kind], had, () => `pod_${kind}_${next++}`),
        );
        continue;
      }
      const element = wanted[kind];
      if (element !== undefined) elements.set(address, element);
    }
  }
  return { dispatch, nextChain: next };
}

/** What leads to a verdict by way of a pod chain: the one that the address had, if it had one. */
function throughPodChain(
  { key, verdict: rule }: DirectElement,
  had: DispatchElement | undefined,
  newName: () => string,
): DispatchElement {
  if (had?.podChain?.rule === rule) return had;
  const name = had?.podChain?.name ?? newName();
  return { key, verdict: `goto ${name}`, podChain: { name, rule } };
}

/** The sets and maps that a plan needs, without elements. */
function emptyDispatch(plan: NodePlan, family: Family): Map<DispatchKind, FilledSet> {
  const { ip } = familyWords[family];
  const set = (type: string): FilledSet => ({ declared: ["set", `{ typeof ${type}; }`], elements: new Map() });
  const verdicts = (key: string): FilledSet => ({
    declared: ["map", `{ typeof ${key} : verdict; }`],
    elements: new Map(),
  });
  const byAddress = `ct original ${ip} saddr`;
  return new Map([
    ["ready", set(`iifname . ${ip} saddr`)],
    ...(hasSharedLinks(plan) ? [["readyAddress", set(`${ip} saddr`)] as const] : []),
    ["itself", verdicts(`${byAddress} . ct reply ${ip} saddr`)],
    ...(judgesOwnNode(plan) ? [["ownNode", verdicts(byAddress)] as const] : []),
    ["egress", verdicts(byAddress)],
    ["ingress", verdicts(byAddress)],
  ]);
}

interface FilledSet extends DispatchSet {
  readonly elements: Map<string, DispatchElement>;
}

interface DirectElement {
  readonly key: string;
  readonly verdict: string;
}

/** What the sets and maps say of an address of a pod; absent where that is nothing. */
interface AddressElements extends Readonly<Record<"itself" | "ownNode" | "egress" | "ingress", DirectElement>> {
  readonly ready?: DispatchElement;
  readonly readyAddress?: DispatchElement;
}

/** What judges a pod's address: names of chains. */
type JudgeNames = readonly (string | undefined)[];

/** By address: a pod that stays as it is has the same elements for as long as the same chains judge it. */
const made = new WeakMap<LocalPod, Map<string, { readonly judges: JudgeNames; readonly elements: AddressElements }>>();

function elementsOf(
  { address: { family }, pod }: LocalAddress,
  address: string,
  ruleSets: ReadonlyMap<string, RuleSetChain>,
): AddressElements {
  const nameOf = (key: string | undefined): string | undefined =>
    key === undefined ? undefined : (ruleSets.get(key) as RuleSetChain).name;
  const judges = [pod.egress, pod.ingress, pod.ownNode, pod.itself?.[family]].map(nameOf);
  const known = made.get(pod)?.get(address);
  if (known?.judges.every((name, index) => name === judges[index])) return known.elements;
  const elements = makeElements(pod.interfaceName, address, family, judges);
  const ofPod = made.get(pod) ?? new Map<string, { judges: JudgeNames; elements: AddressElements }>();
  made.set(pod, ofPod.set(address, { judges, elements }));
  return elements;
}

function makeElements(
  interfaceName: string | undefined,
  address: string,
  family: Family,
  [egress, ingress, ownNode, itself]: JudgeNames,
): AddressElements {
  // Of a pod that is isolated for one direction the other is looked at for this alone.
  const open = egress === undefined && ingress === undefined ? "return" : `goto ${midStream}`;
  const judged = (chain: string | undefined, otherwise: string): string =>
    chain === undefined ? otherwise : `goto ${chain}`;
  return {
    ...(interfaceName === undefined
      ? { readyAddress: { key: address } }
      : { ready: { key: `"${interfaceName}" . ${address}` } }),
    itself: { key: `${address} . ${address}`, verdict: judged(itself, `goto commit${family}`) },
    ownNode: { key: address, verdict: judged(ownNode, "accept") },
    egress: { key: address, verdict: judged(egress, open) },
    ingress: { key: address, verdict: judged(ingress, open) },
  };
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

/** The pod chains that its maps lead to. */
export function podChainsOf(dispatch: Dispatch): PodChain[] {
  return [...dispatch.values()].flatMap(({ elements }) =>
    [...elements.values()].flatMap(({ podChain }) => podChain ?? []),
  );
}
