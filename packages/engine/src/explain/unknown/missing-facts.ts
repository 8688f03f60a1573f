import { connections } from "../../evaluate/connections.ts";
import type { Connection, Endpoint } from "../../evaluate/connection.ts";
import { isolatingPolicies, verdict } from "../../evaluate/reference-evaluator.ts";
import type { Cluster } from "../../model/cluster.ts";
import type { Direction } from "../../model/network-policy.ts";
import { type OtherObject, type OtherPolicy, maySelect } from "../../model/other-object.ts";
import { type Pod, isPolicyPod, podKey } from "../../model/pod.ts";
import { formatConnections, isEmpty } from "../../net/connection-set.ts";
import type { Behaviour } from "../../analyze/dialect/dialect.ts";
import { addressVariation } from "./address-variation.ts";
import type { MissingFact } from "./missing-fact.ts";
import { namespaceVariation } from "./namespace-variation.ts";
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
  const answer = verdict(cluster, connection);
  const denied = [answer.egress, answer.ingress].filter(({ allowed }) => !allowed);
  const deniedIn = denied.map(({ direction }) => direction);
  return [
    ...decisiveFacts(
      cluster,
      connection,
      behaviours,
      (world) => `${verdict(world.cluster, { ...connection, ...sidesOf(world) }).allowed}`,
    ),
    ...policyFacts(others, connection, deniedIn),
  ];
}

/** As `missingFacts`, for everything that may pass between two ends. */
export function missingFactsOfPair(
  cluster: Cluster,
  others: readonly OtherObject[],
  source: Endpoint,
  destination: Endpoint,
  behaviours: readonly Behaviour[] = [],
): readonly MissingFact[] {
  const isClosed = isEmpty(connections(cluster, source, destination));
  const closedIn = isClosed
    ? directions.filter((direction) => isIsolated(cluster, direction, source, destination))
    : [];
  return [
    ...decisiveFacts(cluster, { source, destination }, behaviours, (world) =>
      formatConnections(connections(world.cluster, world.source, world.destination)),
    ),
    ...policyFacts(others, { source, destination }, closedIn),
  ];
}

const directions: readonly Direction[] = ["egress", "ingress"];

function isIsolated(cluster: Cluster, direction: Direction, source: Endpoint, destination: Endpoint): boolean {
  const subject = direction === "egress" ? source : destination;
  return subject.kind === "pod" && isolatingPolicies(cluster, subject.pod, direction).length > 0;
}

type Ends = Pick<Connection, "source" | "destination">;

function sidesOf({ source, destination }: World): Ends {
  return { source, destination };
}

/** The facts that change the answer by themselves; where none does, all that change it together. */
function decisiveFacts(
  whole: Cluster,
  { source, destination }: Ends,
  behaviours: readonly Behaviour[],
  answerIn: (world: World) => string,
): MissingFact[] {
  const cluster = narrowed(whole, source, destination);
  const world: World = { cluster, source, destination };
  const variations = variationsOf(world, behaviours);
  const given = answerIn(world);
  const alone = variations.filter(({ others }) => others(world).some((other) => answerIn(other) !== given));
  if (alone.length > 0) return alone.map(({ fact }) => fact);
  const together: Variation[] = [];
  let worlds: readonly World[] = [world];
  for (const variation of variations) {
    together.push(variation);
    worlds = [...worlds, ...worlds.flatMap((one) => variation.others(one))].slice(0, mostWorlds);
    if (together.length > 1 && worlds.some((one) => answerIn(one) !== given)) return together.map(({ fact }) => fact);
  }
  return [];
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
function policyFacts(
  others: readonly OtherObject[],
  { source, destination }: Ends,
  deniedIn: readonly Direction[],
): MissingFact[] {
  const found = directions.flatMap((direction) => {
    const end = direction === "egress" ? source : destination;
    if (end.kind !== "pod" || !isPolicyPod(end.pod)) return [];
    return policiesOf(others, end.pod, direction).map((policy) => ({ direction, policy, pod: podKey(end.pod) }));
  });
  const opening = found.filter(({ policy, direction }) => policy.effect !== "denies" && deniedIn.includes(direction));
  const mayOpen = deniedIn.every((direction) => opening.some((one) => one.direction === direction));
  const decisive = deniedIn.length === 0 ? found : mayOpen ? opening : [];
  const facts = new Map(decisive.map(({ policy, pod }) => [policy, { kind: "other-policy", policy, pod } as const]));
  return [...facts.values()];
}

function policiesOf(others: readonly OtherObject[], pod: Pod, direction: Direction): readonly OtherPolicy[] {
  return others.filter(
    (other) => other.role === "policy" && other.directions.includes(direction) && maySelect(other, pod),
  ) as readonly OtherPolicy[];
}
