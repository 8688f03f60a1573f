import { acceptsNames } from "../../explain/reach/reached-names.ts";
import { addressSamples, ofPodAlone } from "../../explain/reach/name-addresses.ts";
import { type NameWays, namedInWays } from "../../explain/reach/named-in-ways.ts";
import type { MissingFact } from "../../explain/unknown/missing-fact.ts";
import { policiesOf } from "../../explain/unknown/missing-facts.ts";
import { askedNamespaceKeys, namespaceLabelChoices } from "../../explain/unknown/namespace-variation.ts";
import { isOnlyNamed, subjectsAsk } from "../../explain/unknown/pairs/ways.ts";
import type { Cluster } from "../../model/cluster.ts";
import type { OtherObject, OtherPolicy } from "../../model/other-object.ts";
import { type Pod, podKey } from "../../model/pod.ts";
import { formatAddress } from "../../net/address.ts";
import {
  type ConnectionSet,
  formatConnections,
  intersect,
  isEmpty,
  noConnections,
  subtract,
  union,
} from "../../net/connection-set.ts";
import type { LooseChange } from "./loose-changes.ts";
import type { PodGroup, State } from "./pod-groups.ts";

/** What groups may send elsewhere by a domain name now. */
export interface NameChange {
  readonly domain: string;
  readonly groups: readonly number[];
  readonly change: LooseChange;
  readonly missing: readonly MissingFact[];
}

/** A state, and what of its input no answer is made of. */
export interface NamedState extends State {
  readonly others: readonly OtherObject[];
}

/**
 * What changed of what pods reach by name. What names stand for, and the labels of a namespace that is only named, are not
 * known and the same in both states.
 */
export function nameChanges(before: NamedState, after: NamedState, groups: readonly PodGroup[]): readonly NameChange[] {
  if (![before, after].some(({ cluster }) => acceptsNames(cluster))) return [];
  const states = [before, after] as const;
  const labels = namespaceLabelChoices(states.map(({ cluster }) => cluster));
  const known = new Map<string, readonly Omit<NameChange, "groups">[]>();
  const changes = new Map<string, NameChange & { groups: number[] }>();
  for (const [index, group] of groups.entries()) {
    const pods = [podOf(group.before), podOf(group.after)] as const;
    const others = states.map((state, place) => othersOf(state, pods[place]));
    const key = `${group.before?.id} ${group.after?.id} ${others.map((own) => own.map(otherText).join()).join(" > ")}`;
    let own = known.get(key);
    if (own === undefined) known.set(key, (own = changesOf(states, pods, others, labels)));
    for (const one of own) {
      const text = `${one.domain} ${one.change.text} ${JSON.stringify(one.missing.map(({ kind }) => kind))}`;
      const same = changes.get(text);
      if (same === undefined) changes.set(text, { ...one, groups: [index] });
      else same.groups.push(index);
    }
  }
  return [...changes.values()];
}

function podOf(podClass: PodGroup["before"]): Pod | undefined {
  return podClass && [...podClass.pods][0];
}

function othersOf({ others }: NamedState, pod: Pod | undefined): readonly OtherPolicy[] {
  return pod === undefined ? [] : policiesOf(others, pod, "egress");
}

/** One text for a policy that says the same. */
function otherText({ kind, namespace, name, range }: OtherPolicy): string {
  return `${kind} ${namespace}/${name} ${range?.file.text.slice(range.start, range.end)}`;
}

function changesOf(
  given: readonly [NamedState, NamedState],
  pods: readonly [Pod | undefined, Pod | undefined],
  others: readonly (readonly OtherPolicy[])[],
  labels: NameWays["labels"],
): readonly Omit<NameChange, "groups">[] {
  const states = given.map(({ cluster }, place) => {
    const pod = pods[place];
    return { cluster: pod === undefined ? cluster : ofPodAlone(cluster, pod) };
  });
  const isOpen = states.some(({ cluster }, place) => isSubjectOpen(cluster, pods[place]));
  const samples = states.flatMap(({ cluster }, place) => {
    const pod = pods[place];
    return pod === undefined ? [] : addressSamples(cluster, pod);
  });
  const addresses = [...new Map(samples.map((address) => [formatAddress(address), address])).values()];
  const ways: NameWays = { labels: isOpen ? labels : labels.slice(0, 1), addresses };
  const [was, is] = states.map(({ cluster }, place) => {
    const pod = pods[place];
    return pod === undefined ? new Map<string, readonly ConnectionSet[]>() : namedInWays(cluster, pod, ways);
  });
  const none = Array.from({ length: ways.labels.length * addresses.length }, () => noConnections);
  return [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])].flatMap((domain) => {
    const sets = [was?.get(domain) ?? none, is?.get(domain) ?? none] as const;
    const change = changeOf(sets, others);
    const isChange = [change.opened, change.closed, change.maybeOpened, change.maybeClosed].some(
      (set) => !isEmpty(set),
    );
    return isChange ? [{ domain, change, missing: missingOf(states, pods, others, domain, sets, ways) }] : [];
  });
}

function isSubjectOpen(cluster: Cluster, pod: Pod | undefined): boolean {
  return pod !== undefined && subjectsAsk(cluster) && isOnlyNamed(cluster, pod.namespace);
}

type SetsOfStates = readonly [readonly ConnectionSet[], readonly ConnectionSet[]];

function changeOf([was, is]: SetsOfStates, [old = [], now = []]: readonly (readonly OtherPolicy[])[]): LooseChange {
  const [before, after] = [was.reduce(intersect), is.reduce(intersect)];
  const opened = is.map((set, way) => subtract(set, was[way] as ConnectionSet));
  const closed = was.map((set, way) => subtract(set, is[way] as ConnectionSet));
  // Policies of other kinds may close what rules accept; where they are not the same, in one state alone.
  const isSame = old.map(otherText).join() === now.map(otherText).join();
  const isJudged = old.length + now.length > 0;
  const [mostOpened, mostClosed] = isSame
    ? [opened.reduce(union), closed.reduce(union)]
    : [is.reduce(union), was.reduce(union)];
  const sureOpened = isJudged ? noConnections : opened.reduce(intersect);
  const sureClosed = isJudged ? noConnections : closed.reduce(intersect);
  const change = {
    before,
    after,
    opened: sureOpened,
    closed: sureClosed,
    maybeOpened: subtract(mostOpened, sureOpened),
    maybeClosed: subtract(mostClosed, sureClosed),
  };
  return { ...change, text: Object.values(change).map(formatConnections).join(" ") };
}

/** What a change depends on: what differs among the ways. */
function missingOf(
  states: readonly Pick<NamedState, "cluster">[],
  pods: readonly (Pod | undefined)[],
  others: readonly (readonly OtherPolicy[])[],
  domain: string,
  [was, is]: SetsOfStates,
  { labels, addresses }: NameWays,
): readonly MissingFact[] {
  const pod = pods.find((one) => one !== undefined);
  if (pod === undefined) return [];
  const texts = was.map((set, way) => `${formatConnections(set)} ${formatConnections(is[way] as ConnectionSet)}`);
  const differs = (from: (way: number) => string): boolean =>
    new Set(texts.map((text, way) => `${from(way)} ${text}`)).size > new Set(texts.map((_, way) => from(way))).size;
  const keys = [...new Set(states.flatMap(({ cluster }) => askedNamespaceKeys(cluster)))].sort();
  const found = new Set(others.flat());
  return [
    ...(labels.length > 1 && differs((way) => `${way % addresses.length}`)
      ? [{ kind: "namespace-labels", namespace: pod.namespace, keys } as const]
      : []),
    ...(differs((way) => `${Math.floor(way / addresses.length)}`)
      ? [{ kind: "name-addresses", domainNames: [domain] } as const]
      : []),
    ...[...found].map((policy) => ({ kind: "other-policy", policy, pod: podKey(pod) }) as const),
  ];
}
