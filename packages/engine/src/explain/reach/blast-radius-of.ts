import { endpointOf } from "../../evaluate/endpoint-of.ts";
import { type Pod, podKey } from "../../model/pod.ts";
import { type ConnectionSet, intersect, isEmpty, noConnections, subtract, union } from "../../net/connection-set.ts";
import { portSetHas } from "../../net/port-set.ts";
import { protocols } from "../../net/protocol.ts";
import type { MissingFact } from "../unknown/missing-fact.ts";
import type { PairAnswer } from "../unknown/pair-answer.ts";
import type { BlastEnd, BlastOutside, BlastRadius, DeclaredPort } from "./blast-radius.ts";
import { EndAnswers, type Seen } from "./end-answers.ts";
import { type PodGroup, betweenGroups, groupOf, podGroups } from "./pod-groups.ts";
import type { ReachedAddresses } from "./reach.ts";
import { distinctFacts, reachedText } from "./reached.ts";
import { reachedAddresses } from "./reached-addresses.ts";

export interface BlastOptions {
  /** Steps to follow at most; each may be a pod taken over. */
  readonly mostHops: number;
}

/**
 * What a pod that is taken over may reach, through others that are taken over in their turn. It says what policies let
 * pass, not what can be broken into: a port that nothing listens on is of no use to anybody. Each step is judged by itself:
 * what is reached by one way or another as things are is not known to be reached.
 */
export function blastRadiusOf(seen: Seen, start: Pod, { mostHops }: BlastOptions): BlastRadius {
  const answers = new EndAnswers(seen);
  const groups = podGroups(answers, start);
  const search: Search = { answers, groups, start: groupOf(answers, [start]), mostHops };
  const sure = spread(search, ({ certain }) => certain);
  const possible = spread(search, ({ certain, uncertain }) => union(certain, uncertain));
  const ends = [...possible.values()].map((one) => blastEnd(search, sure, one)).sort(worstFirst);
  const safePods = groups.filter((group) => !possible.has(group)).reduce((sum, { pods }) => sum + pods.length, 0);
  return { end: endpointOf(start), mostHops, ends, safePods, outside: outsideOf(search, sure, possible) };
}

interface Search {
  readonly answers: EndAnswers;
  readonly groups: readonly PodGroup[];
  readonly start: PodGroup;
  readonly mostHops: number;
}

/** A group that is reached, with what may pass in the last step. */
interface Step {
  readonly group: PodGroup;
  readonly hops: number;
  /** The nearer ones that it is reached from: one of each sort. */
  readonly from: readonly Step[];
  readonly connections: ConnectionSet;
}

type Steps = ReadonlyMap<PodGroup, Step>;

/** Follows what passes, step by step, each group by the fewest. */
function spread({ answers, groups, start, mostHops }: Search, passing: Passing): Steps {
  const reached = new Map<PodGroup, Step>();
  let edge: readonly Step[] = [{ group: start, hops: 0, from: [], connections: noConnections }];
  for (let hops = 1; hops <= mostHops && edge.length > 0; hops++) {
    const [seen, unseen] = [edge.filter(({ group }) => group.isSeen), edge.filter(({ group }) => !group.isSeen)];
    const sorts = [...new Map(seen.toReversed().map((step) => [step.group.sort, step])).values()].toReversed();
    const bySort = new Map<number, Entry>();
    const found: Step[] = [];
    for (const group of groups) {
      if (reached.has(group)) continue;
      const entry = group.isSeen
        ? both(
            ofSort(bySort, group, () => entryOf(answers, sorts, group, passing)),
            () => entryOf(answers, unseen, group, passing),
          )
        : entryOf(answers, edge, group, passing);
      if (entry.from.length > 0) found.push({ group, hops, ...entry });
    }
    for (const one of found) reached.set(one.group, one);
    edge = found;
  }
  return reached;
}

type Passing = (answer: PairAnswer) => ConnectionSet;
type Entry = Pick<Step, "from" | "connections">;

/** Groups of one sort are entered alike from all that are in no node's network. */
function ofSort(known: Map<number, Entry>, { sort }: PodGroup, find: () => Entry): Entry {
  let entry = known.get(sort);
  if (entry === undefined) known.set(sort, (entry = find()));
  return entry;
}

function both(one: Entry, findOther: () => Entry): Entry {
  const other = findOther();
  return other.from.length === 0
    ? one
    : { from: [...one.from, ...other.from], connections: union(one.connections, other.connections) };
}

function entryOf(answers: EndAnswers, edge: readonly Step[], group: PodGroup, passing: Passing): Entry {
  const from: Step[] = [];
  let connections = noConnections;
  for (const one of edge) {
    const set = passing(betweenGroups(answers, one.group, group));
    if (isEmpty(set)) continue;
    from.push(one);
    connections = union(connections, set);
  }
  return { from, connections };
}

function blastEnd(search: Search, sure: Steps, possible: Step): BlastEnd {
  const { group } = possible;
  const known = sure.get(group);
  const connections = known?.connections ?? noConnections;
  const open = subtract(possible.connections, connections);
  const isSooner = known !== undefined && possible.hops < known.hops;
  const isKnown = isEmpty(open) && !isSooner;
  return {
    name: group.name,
    pods: group.pods.map(podKey),
    hops: (known ?? possible).hops,
    ...(isSooner ? { possibleHops: possible.hops } : {}),
    via: viaOf(known ?? possible),
    connections,
    ...(isKnown ? {} : { unknown: { connections: open, missing: missingOf(search, sure, possible, open) } }),
    declared: declaredOf(group, union(connections, open)),
  };
}

/** What the last step depends on, for each part of what is open, and what the way to it does. */
function missingOf(
  { answers }: Search,
  sure: Steps,
  { group, from }: Step,
  open: ConnectionSet,
): readonly MissingFact[] {
  const missing: MissingFact[] = [];
  let left = open;
  for (const [index, near] of from.entries()) {
    const { certain, uncertain, missing: own } = betweenGroups(answers, near.group, group);
    const isSure = isReachedSurely(sure, near);
    const part = intersect(left, isSure ? uncertain : union(certain, uncertain));
    // Where nothing is open but the number of steps, the first way is the shorter one.
    if (isEmpty(part) && (index > 0 || !isEmpty(open))) continue;
    left = subtract(left, part);
    missing.push(...own, ...(isSure ? [] : wayFacts(answers, sure, near)));
    if (isEmpty(left)) break;
  }
  return distinctFacts(missing);
}

/** What it depends on whether a group is reached. */
function wayFacts(answers: EndAnswers, sure: Steps, step: Step): readonly MissingFact[] {
  const [near] = step.from;
  if (near === undefined) return [];
  const { missing } = betweenGroups(answers, near.group, step.group);
  return isReachedSurely(sure, near) ? missing : [...missing, ...wayFacts(answers, sure, near)];
}

/** The pod itself is. */
function isReachedSurely(sure: Steps, { group, hops }: Step): boolean {
  return hops === 0 || (sure.get(group)?.hops ?? Number.POSITIVE_INFINITY) <= hops;
}

function viaOf({ from: [near] }: Step): readonly string[] {
  return near === undefined ? [] : [...viaOf(near), near.group.name];
}

function declaredOf({ pods }: PodGroup, connections: ConnectionSet): readonly DeclaredPort[] {
  const declared = new Map<string, DeclaredPort>();
  for (const pod of pods) {
    for (const port of pod.ports) {
      if (portSetHas(connections[port.protocol], port.port)) declared.set(`${port.protocol} ${port.port}`, port);
    }
  }
  return [...declared.values()];
}

function worstFirst(a: BlastEnd, b: BlastEnd): number {
  return a.hops - b.hops || portCount(b.connections) - portCount(a.connections) || (a.name < b.name ? -1 : 1);
}

function portCount(set: ConnectionSet): number {
  return protocols.reduce(
    (sum, protocol) => sum + set[protocol].reduce((ports, { first, last }) => ports + last - first + 1, 0),
    0,
  );
}

/** Addresses outside, each sort from the nearest that may send there; those that are reached for sure come first. */
function outsideOf(search: Search, sure: Steps, possible: Steps): readonly BlastOutside[] {
  const found = new Map<string, BlastOutside>();
  const start: Step = { group: search.start, hops: 0, from: [], connections: noConnections };
  const known = [start, ...sure.values()].toSorted((a, b) => a.hops - b.hops);
  const unsure = [...possible.values()].filter(({ group }) => !sure.has(group)).toSorted((a, b) => a.hops - b.hops);
  for (const step of [...known.slice(0, mostSenders), ...unsure.slice(0, mostSenders)]) {
    const { group, hops } = step;
    if (hops >= search.mostHops) continue;
    const isSure = hops === 0 || sure.has(group);
    const question = { pod: group.pods[0], as: "source", settled: ["unknown-pod", "domain-name"] } as const;
    for (const own of reachedAddresses(search.answers, question)) {
      const addresses = isSure ? own : asUnknown(own, wayFacts(search.answers, sure, step));
      const key = `${reachedText(addresses)} ${JSON.stringify(own.intervals)}`;
      // What passes for sure from one is not said again of others.
      if (found.has(key) || (!isSure && found.has(`${reachedText(own)} ${JSON.stringify(own.intervals)}`))) continue;
      found.set(key, { ...addresses, from: group.name, hops });
    }
  }
  return [...found.values()];
}

/** As it is where it is not known whether the sender is reached. */
function asUnknown(
  { intervals, connections, unknown }: ReachedAddresses,
  way: readonly MissingFact[],
): ReachedAddresses {
  return {
    intervals,
    connections: noConnections,
    unknown: {
      connections: union(connections, unknown?.connections ?? noConnections),
      missing: distinctFacts([...(unknown?.missing ?? []), ...way]),
    },
  };
}

/** What the outside hears is asked of so many ends at most: of those that are reached for sure, and of the others. */
const mostSenders = 50;
