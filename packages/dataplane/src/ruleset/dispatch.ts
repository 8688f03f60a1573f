import { type Family, type LocalPod, type NodePlan, haveSameKeys } from "@podwall/engine";
import { type AddressElements, type DirectElement, elementsOf } from "./address-elements.ts";
import { familyWords } from "./address-family.ts";
import { addElements } from "./commands.ts";
import type { DispatchKind, DispatchNames } from "./judgement.ts";
import { judgesOf } from "./judges-of.ts";
import { type LocalAddress, localAddresses } from "./local-addresses.ts";
import type { PodChain } from "./pod-chains.ts";
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

/** What a dispatch was made of. */
interface Made {
  readonly plan: NodePlan;
  readonly ruleSets: ReadonlyMap<string, RuleSetChain>;
  readonly dispatch: Readonly<Record<Family, Dispatch>>;
}

/**
 * What depends on the local pods alone, and on the chains of the rule sets that judge them. Only pods are looked at that are others than
 * `before`, or whose rule sets have other chains; the same dispatch where there are none. `nextChain` is the first number that new pod
 * chains may have.
 */
export function dispatchOf(
  plan: NodePlan,
  family: Family,
  ruleSets: ReadonlyMap<string, RuleSetChain>,
  nextChain: number,
  before?: Made,
): { readonly dispatch: Dispatch; readonly nextChain: number } {
  const empty = emptyDispatch(plan, family);
  const known = before?.dispatch[family];
  const isAnew = known === undefined || !haveSameKeys(known, empty);
  const others = differentAddresses(plan, family, ruleSets, isAnew ? undefined : before);
  if (!isAnew && others.size === 0) return { dispatch: known, nextChain };
  const dispatch = isAnew ? empty : unshared(known);
  let next = nextChain;
  for (const [address, pod] of others) {
    const wanted: Partial<AddressElements> = pod === undefined ? {} : elementsOf(pod, address, family, ruleSets);
    for (const [kind, { elements }] of dispatch) {
      const isDirection = kind === "egress" || kind === "ingress";
      const had = known?.get(kind)?.elements.get(address);
      const element = isDirection ? throughPodChain(wanted[kind], had, () => `pod_${kind}_${next++}`) : wanted[kind];
      if (element === undefined) elements.delete(address);
      else elements.set(address, element);
    }
  }
  return { dispatch, nextChain: next };
}

/**
 * The addresses whose pods are others than before, or are judged by other chains; with undefined those that are no local pod's any
 * more. All of a family where nothing was before.
 */
function differentAddresses(
  plan: NodePlan,
  family: Family,
  ruleSets: ReadonlyMap<string, RuleSetChain>,
  before: Made | undefined,
): ReadonlyMap<string, LocalPod | undefined> {
  const [had, has] = [before === undefined ? nobody : localAddresses(before.plan), localAddresses(plan)];
  const isElsewhere = (key: string | undefined): boolean =>
    key !== undefined && before?.ruleSets.get(key)?.name !== ruleSets.get(key)?.name;
  const others = new Map<string, LocalPod | undefined>();
  for (const [text, { address, pod }] of has) {
    if (address.family !== family) continue;
    if (had.get(text)?.pod !== pod || judgesOf(pod).some(isElsewhere)) others.set(text, pod);
  }
  for (const [text, { address }] of had) {
    if (address.family === family && !has.has(text)) others.set(text, undefined);
  }
  return others;
}

const nobody: ReadonlyMap<string, LocalAddress> = new Map();

function unshared(dispatch: Dispatch): Map<DispatchKind, FilledSet> {
  return new Map([...dispatch].map(([kind, set]) => [kind, { ...set, elements: new Map(set.elements) }]));
}

/** What leads to a verdict by way of a pod chain: the one that the address had, if it had one. */
function throughPodChain(
  direct: DirectElement | undefined,
  had: DispatchElement | undefined,
  newName: () => string,
): DispatchElement | undefined {
  if (direct === undefined) return undefined;
  const { key, verdict: rule } = direct;
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
