import { diffClusters } from "../../analyze/diff/diff-clusters.ts";
import type { DiffEnd } from "../../analyze/diff/cluster-diff.ts";
import type { Connection, Endpoint } from "../../evaluate/connection.ts";
import { endpointOf } from "../../evaluate/endpoint-of.ts";
import { verdict } from "../../evaluate/reference-evaluator.ts";
import type { Verdict } from "../../evaluate/verdict.ts";
import type { Cluster } from "../../model/cluster.ts";
import type { Direction } from "../../model/network-policy.ts";
import { isSamePod, podKey } from "../../model/pod.ts";
import { isEmpty } from "../../net/connection-set.ts";
import { hasAddress } from "../../analyze/address-intervals.ts";
import { applyEdits } from "./apply-edits.ts";
import type { Edit, EditEffect, EditKind, TurningEdits } from "./edit.ts";
import { editsToAllow } from "./edits-to-allow.ts";
import { editsToDeny } from "./edits-to-deny.ts";

/** At most so many edits of each end are tried, those of a pod that hundreds of rules are about. */
const mostTried = 60;
/** What else an edit does is worked out in clusters of so many pods at most: it is the whole map, for each candidate. */
const mostPodsMeasured = 1000;
const mostMeasured = 6;

/**
 * The edits that turn the answer of a verdict and change the least beside; none where no candidate does. Each was tried:
 * the manifests were read again with it, and the reference evaluator judged.
 */
export function turningEdits(cluster: Cluster, answer: Verdict): readonly TurningEdits[] {
  const candidates = answer.allowed ? denying(cluster, answer) : allowing(cluster, answer);
  const measured = candidates.slice(0, mostMeasured).map((edits) => measure(cluster, answer.connection, edits));
  return measured.sort((a, b) => costOf(a) - costOf(b));
}

/** One end is enough. */
function denying(cluster: Cluster, answer: Verdict): readonly (readonly Edit[])[] {
  return [answer.ingress, answer.egress]
    .flatMap((side) => [...editsToDeny(cluster, answer.connection, side)])
    .map((edit) => [edit])
    .filter((edits) => judgedAfter(cluster, answer.connection, edits)?.allowed === false);
}

/** Both ends must allow it; where both deny it, the likeliest edits of each are put together. */
function allowing(cluster: Cluster, answer: Verdict): readonly (readonly Edit[])[] {
  const denied = [answer.egress, answer.ingress].filter(({ allowed }) => !allowed);
  const perSide = denied.map((side) => {
    const tried = take(editsToAllow(cluster, answer.connection, side), mostTried);
    return tried.filter((edit) => isTurned(cluster, answer.connection, edit, side.direction)).sort(byKind);
  });
  const [first = [], second] = perSide;
  if (second === undefined) return first.map((edit) => [edit]);
  const pairs = first.slice(0, 3).flatMap((one) => second.slice(0, 3).map((other) => [one, other]));
  return pairs.filter((edits) => judgedAfter(cluster, answer.connection, edits)?.allowed === true);
}

function isTurned(cluster: Cluster, connection: Connection, edit: Edit, direction: Direction): boolean {
  return judgedAfter(cluster, connection, [edit])?.[direction].allowed === true;
}

function judgedAfter(cluster: Cluster, connection: Connection, edits: readonly Edit[]): Verdict | undefined {
  const after = applyEdits(cluster, edits);
  if (after === undefined) return undefined;
  const now = (end: Endpoint): Endpoint => {
    if (end.kind === "address") return end;
    const pod = after.pods.find((other) => isSamePod(other, end.pod));
    return pod === undefined ? end : endpointOf(pod, end.address?.family);
  };
  return verdict(after, {
    ...connection,
    source: now(connection.source),
    destination: now(connection.destination),
  });
}

function measure(cluster: Cluster, connection: Connection, edits: readonly Edit[]): TurningEdits {
  const after = cluster.pods.length <= mostPodsMeasured ? applyEdits(cluster, edits) : undefined;
  return after === undefined ? { edits } : { edits, effect: effectOf(cluster, after, connection) };
}

function effectOf(before: Cluster, after: Cluster, { source, destination }: Connection): EditEffect {
  let [opened, closed] = [0, 0];
  for (const block of diffClusters(before, after).blocks) {
    const isAsked =
      block.sources.some((end) => isIn(source, end)) && block.destinations.some((end) => isIn(destination, end));
    const others = block.pairs - (isAsked ? 1 : 0);
    if (!isEmpty(block.opened)) opened += others;
    if (!isEmpty(block.closed)) closed += others;
  }
  return { opened, closed };
}

function isIn(end: Endpoint, group: DiffEnd): boolean {
  if (end.kind === "pod") return group.kind === "pods" && group.pods.includes(podKey(end.pod));
  return group.kind === "addresses" && hasAddress(group.intervals, end.address);
}

const likeliest: readonly EditKind[] = [
  "correct-selector",
  "correct-port",
  "add-port",
  "add-peer",
  "remove-peer",
  "add-rule",
  "remove-rule",
  "add-policy",
  "add-label",
];

function byKind(a: Edit, b: Edit): number {
  return likeliest.indexOf(a.kind) - likeliest.indexOf(b.kind);
}

/** A correction that closes nothing is what was meant, whatever else it opens; of the rest, what changes the least beside. */
function costOf({ edits, effect }: TurningEdits): number {
  const kinds = edits.reduce((sum, { kind }) => sum + likeliest.indexOf(kind), 0);
  const isMeant = edits.every(({ kind }) => kind.startsWith("correct-")) && (effect?.closed ?? 0) === 0;
  return (isMeant || effect === undefined ? 0 : (effect.opened + effect.closed) * likeliest.length) + kinds;
}

function take<T>(values: Iterable<T>, most: number): T[] {
  const taken: T[] = [];
  for (const value of values) {
    if (taken.length >= most) break;
    taken.push(value);
  }
  return taken;
}
