import { allowedBy, connections } from "../../evaluate/connections.ts";
import type { Connection, Endpoint } from "../../evaluate/connection.ts";
import { verdict } from "../../evaluate/reference-evaluator.ts";
import type { Verdict } from "../../evaluate/verdict.ts";
import type { Cluster } from "../../model/cluster.ts";
import type { Direction } from "../../model/network-policy.ts";
import { type OtherObject, type OtherPolicy, maySelect } from "../../model/other-object.ts";
import { type Pod, isPolicyPod, podKey } from "../../model/pod.ts";
import {
  type ConnectionSet,
  allConnections,
  formatConnections,
  intersect,
  isEmpty,
  noConnections,
  subtract,
  union,
} from "../../net/connection-set.ts";
import type { Behaviour } from "../../analyze/dialect/dialect.ts";
import { addressVariation } from "./address-variation.ts";
import type { MissingFact } from "./missing-fact.ts";
import { namespaceVariation } from "./namespace-variation.ts";
import type { PairAnswer } from "./pair-answer.ts";
import { placementVariation } from "./placement-variation.ts";
import { domainNameVariation, unknownPodVariation } from "./stranger-variations.ts";
import { type Variation, type World, ends } from "./world.ts";

/**
 * What an answer for a connection depends on and the input does not say: empty where the answer is the same, whatever
 * is not known. Found by judging each way in which things may be. `behaviours` are those that the cluster was changed by.
 */
export function missingFacts(
  cluster: Cluster,
  others: readonly OtherObject[],
  connection: Connection,
  behaviours: readonly Behaviour[] = [],
): readonly MissingFact[] {
  const verdictIn = (world: World): Verdict => verdict(world.cluster, { ...connection, ...sidesOf(world) });
  const found = selecting(others, connection);
  return factsIn(
    cluster,
    connection,
    { behaviours },
    {
      answerIn: (world) => `${verdictIn(world).allowed}`,
      policiesIn: (world) => {
        const { egress, ingress } = verdictIn(world);
        return policyFacts(
          found,
          [egress, ingress].filter(({ allowed }) => !allowed).map(({ direction }) => direction),
        );
      },
      areSelecting: found.length > 0,
    },
  );
}

/** As `missingFacts`, for everything that may pass between two ends. */
export function missingFactsOfPair(
  cluster: Cluster,
  others: readonly OtherObject[],
  source: Endpoint,
  destination: Endpoint,
  behaviours: readonly Behaviour[] = [],
  settled: readonly MissingFact["kind"][] = [],
): readonly MissingFact[] {
  const found = selecting(others, { source, destination });
  return factsIn(
    cluster,
    { source, destination },
    { behaviours, settled },
    {
      answerIn: (world) => formatConnections(connections(world.cluster, world.source, world.destination)),
      policiesIn: (world) => policyFactsOfPair(world, found),
      areSelecting: found.length > 0,
    },
  );
}

export interface AnswerOptions {
  /** Those that the cluster was changed by. */
  readonly behaviours?: readonly Behaviour[];
  /** What is taken to be as given; for answers without more, that addresses are no pod's and that no name stands for them. */
  readonly settled?: readonly MissingFact["kind"][];
}

/** What passes between two ends however things are, and what as things are. */
export function answerOfPair(
  cluster: Cluster,
  others: readonly OtherObject[],
  source: Endpoint,
  destination: Endpoint,
  { behaviours = [], settled = strange }: AnswerOptions = {},
): PairAnswer {
  const given = worldOf(cluster, { source, destination });
  const variations = variationsOf(given, behaviours).filter(({ fact: { kind } }) => !settled.includes(kind));
  const found = selecting(others, given);
  const sidesIn = (world: World, direction: Direction): readonly ConnectionSet[] => {
    const allowed = allowedBy(world.cluster, direction, world.source, world.destination);
    const own = found.filter((one) => one.direction === direction);
    return [allowed, ...(own.length > 0 ? [noConnections] : []), ...(own.some(mayOpen) ? [allConnections] : [])];
  };
  const answers = everyWorld(settledWorlds(given, variations), variations).flatMap((world) =>
    sidesIn(world, "egress").flatMap((sent) => sidesIn(world, "ingress").map((taken) => intersect(sent, taken))),
  );
  const certain = answers.reduce(intersect);
  const uncertain = subtract(answers.reduce(union), certain);
  const missing = isEmpty(uncertain)
    ? []
    : missingFactsOfPair(cluster, others, source, destination, behaviours, settled);
  return { certain, uncertain, missing };
}

/** Facts about addresses of which nobody is known. */
const strange: readonly MissingFact["kind"][] = ["unknown-pod", "domain-name"];

/** How a question is asked. */
interface Asked {
  readonly answerIn: (world: World) => string;
  /** What policies of other kinds may change in a world. */
  readonly policiesIn: (world: World) => readonly MissingFact[];
  readonly areSelecting: boolean;
}

function factsIn(
  whole: Cluster,
  ends: Ends,
  { behaviours = [], settled = [] }: AnswerOptions,
  { answerIn, policiesIn, areSelecting }: Asked,
): readonly MissingFact[] {
  const given = worldOf(whole, ends);
  const variations = variationsOf(given, behaviours).filter(({ fact: { kind } }) => !settled.includes(kind));
  const bases = settledWorlds(given, variations);
  const decisive = decisiveFacts(bases, variations, answerIn);
  const [base = given] = bases;
  const policies = areSelecting ? policiesIn(base) : [];
  if (!areSelecting || decisive.length + policies.length > 0) return [...decisive, ...policies];
  // What is not known may decide whether these have a say.
  for (const world of everyWorld(bases, variations)) {
    const facts = policiesIn(world);
    if (facts.length > 0) return [...variations.map(({ fact }) => fact), ...facts];
  }
  return [];
}

function everyWorld(bases: readonly World[], variations: readonly Variation[]): readonly World[] {
  return variations.reduce(
    (worlds, { others }) => [...worlds, ...worlds.flatMap((world) => others(world))].slice(0, mostWorlds),
    bases,
  );
}

const directions: readonly Direction[] = ["egress", "ingress"];

type Ends = Pick<Connection, "source" | "destination">;

function sidesOf({ source, destination }: World): Ends {
  return { source, destination };
}

/** The facts that change the answer by themselves; where none does, all that change it together. */
function decisiveFacts(
  worlds: readonly World[],
  variations: readonly Variation[],
  answerIn: (world: World) => string,
): MissingFact[] {
  const bases = worlds.map((world) => ({ world, answer: answerIn(world) }));
  const alone = variations.filter(({ others }) =>
    bases.some(({ world, answer }) => others(world).some((other) => answerIn(other) !== answer)),
  );
  if (alone.length > 0) return alone.map(({ fact }) => fact);
  if (bases.some(({ answer }) => answer !== bases[0]?.answer)) {
    return variations.filter(({ isNeverAsGiven }) => isNeverAsGiven).map(({ fact }) => fact);
  }
  for (const { world, answer } of bases) {
    const together: Variation[] = [];
    let worlds: readonly World[] = [world];
    for (const variation of variations) {
      together.push(variation);
      worlds = [...worlds, ...worlds.flatMap((one) => variation.others(one))].slice(0, mostWorlds);
      if (together.length > 1 && worlds.some((one) => answerIn(one) !== answer))
        return together.map(({ fact }) => fact);
    }
  }
  return [];
}

/**
 * Two ends as they are in one of the ways in which things may be: a pod whose address is not known has one here. What is
 * the same in every way is so here.
 */
export function settledEnds(cluster: Cluster, ends: Ends, behaviours: readonly Behaviour[] = []): Ends {
  const given = worldOf(cluster, ends);
  const [world = given] = settledWorlds(given, variationsOf(given, behaviours));
  return sidesOf(world);
}

function worldOf(whole: Cluster, { source, destination }: Ends): World {
  return { cluster: narrowed(whole, source, destination), source, destination };
}

/** The given world, or where it is not one that may be, the nearest ones: one for each family of addresses. */
function settledWorlds(given: World, variations: readonly Variation[]): readonly World[] {
  let worlds: readonly World[] = [given];
  for (const { others } of variations.filter(({ isNeverAsGiven }) => isNeverAsGiven)) {
    worlds = worlds.flatMap((world) => {
      const settled = new Map<string, World>();
      for (const other of others(world)) {
        const families = `${other.source.address?.family} ${other.destination.address?.family}`;
        if (!settled.has(families)) settled.set(families, other);
      }
      return settled.size === 0 ? [world] : [...settled.values()];
    });
  }
  return worlds;
}

/** Whether there are so few ways in which things may be for two ends that each of them is tried. */
export function triesEveryWay(cluster: Cluster, ends: Ends, behaviours: readonly Behaviour[] = []): boolean {
  const given = worldOf(cluster, ends);
  const variations = variationsOf(given, behaviours);
  const ways = variations.reduce((product, { others }) => product * (1 + others(given).length), 1);
  return ways * settledWorlds(given, variations).length <= mostWorlds;
}

/** Ways in which things may be that are tried. */
const mostWorlds = 2000;

function variationsOf({ cluster, source, destination }: World, behaviours: readonly Behaviour[]): readonly Variation[] {
  const pods = [source, destination].flatMap((end) => (end.kind === "pod" ? [end.pod] : []));
  const namespaces = [...new Set(pods.filter(isPolicyPod).map(({ namespace }) => namespace))];
  const found = [
    ...namespaces.map((namespace) => namespaceVariation(cluster, namespace)),
    ...ends.map((side) => {
      const end = side === "source" ? source : destination;
      return areInBlocks(end, behaviours) ? addressVariation(cluster, side, end) : undefined;
    }),
    placementVariation(cluster, "source", source, destination),
    placementVariation(cluster, "destination", destination, source),
    unknownPodVariation(cluster, "source", source),
    unknownPodVariation(cluster, "destination", destination),
    domainNameVariation(cluster, destination),
  ];
  return found.filter((variation) => variation !== undefined);
}

/** Whether a block may hold such an end. */
function areInBlocks(end: Endpoint, behaviours: readonly Behaviour[]): boolean {
  const isHost = end.kind === "pod" && end.pod.hostNetwork;
  return !behaviours.includes(isHost ? "blocks-skip-nodes" : "blocks-skip-pods");
}

/** What policies of the two ends' namespaces say is all that matters. */
function narrowed(cluster: Cluster, source: Endpoint, destination: Endpoint): Cluster {
  const pods = [source, destination].flatMap((end) => (end.kind === "pod" ? [end.pod] : []));
  const namespaces = new Set(pods.map(({ namespace }) => namespace));
  return { ...cluster, policies: cluster.policies.filter(({ namespace }) => namespaces.has(namespace)) };
}

/**
 * Policies of other kinds that may select an end in the direction it is judged in: any of them may close what is allowed;
 * what is denied they open only where all that denies it may be opened.
 */
function policyFacts(found: readonly Selecting[], deniedIn: readonly Direction[]): MissingFact[] {
  const opening = found.filter((one) => mayOpen(one) && deniedIn.includes(one.direction));
  const allOpen = deniedIn.every((direction) => opening.some((one) => one.direction === direction));
  return factsOf(deniedIn.length === 0 ? found : allOpen ? opening : []);
}

/** As `policyFacts`, for everything that may pass. */
function policyFactsOfPair({ cluster, source, destination }: World, found: readonly Selecting[]): MissingFact[] {
  const mostIn = (direction: Direction): ConnectionSet =>
    found.some((one) => mayOpen(one) && one.direction === direction)
      ? allConnections
      : allowedBy(cluster, direction, source, destination);
  if (isEmpty(intersect(mostIn("egress"), mostIn("ingress")))) return [];
  return factsOf(isEmpty(connections(cluster, source, destination)) ? found.filter(mayOpen) : found);
}

/** A policy of another kind, and the end that it may select. */
interface Selecting {
  readonly direction: Direction;
  readonly policy: OtherPolicy;
  readonly pod: string;
}

function selecting(others: readonly OtherObject[], { source, destination }: Ends): readonly Selecting[] {
  return directions.flatMap((direction) => {
    const end = direction === "egress" ? source : destination;
    if (end.kind !== "pod" || !isPolicyPod(end.pod)) return [];
    return policiesOf(others, end.pod, direction).map((policy) => ({ direction, policy, pod: podKey(end.pod) }));
  });
}

function mayOpen({ policy }: Selecting): boolean {
  return policy.effect !== "denies";
}

function factsOf(found: readonly Selecting[]): MissingFact[] {
  const facts = new Map(found.map(({ policy, pod }) => [policy, { kind: "other-policy", policy, pod } as const]));
  return [...facts.values()];
}

/** Those that may select a pod, for a direction. */
export function policiesOf(others: readonly OtherObject[], pod: Pod, direction: Direction): readonly OtherPolicy[] {
  return others.filter(
    (other) => other.role === "policy" && other.directions.includes(direction) && maySelect(other, pod),
  ) as readonly OtherPolicy[];
}
