import type { Connection } from "../../evaluate/connection.ts";
import type { DirectionVerdict, RuleMiss } from "../../evaluate/verdict.ts";
import type { Cluster } from "../../model/cluster.ts";
import type { Direction } from "../../model/network-policy.ts";
import type { Pod } from "../../model/pod.ts";
import { type MissCause, isPeerCause } from "../miss-cause.ts";
import { missCauses } from "../miss-causes.ts";
import type { Edit, EditKind, TextEdit } from "./edit.ts";
import { itemAfter } from "./edit-list.ts";
import { labelEdit } from "./label-edit.ts";
import { peerFor, portFor } from "./peer-values.ts";
import { policyToAllow } from "./new-policy.ts";
import { tierRuleBefore } from "./tier-rule-edit.ts";

/** Edits that may make one end allow a connection that it denies; none is tried yet. */
export function* editsToAllow(cluster: Cluster, connection: Connection, side: DirectionVerdict): Generator<Edit> {
  const { direction, reason } = side;
  const subject = subjectOf(connection, direction);
  if (subject === undefined) return;
  if (reason.kind === "denied-by-tier") {
    const edit = tierRuleBefore(cluster, connection, direction, reason.match);
    if (edit !== undefined) yield edit;
    return;
  }
  if (reason.kind !== "no-rule-matches") return;
  for (const miss of reason.misses) {
    const causes = missCauses(cluster, connection, direction, miss);
    for (const cause of causes) yield* corrections(miss, cause);
    yield* additions(cluster, connection, direction, miss, causes);
  }
  for (const policy of reason.isolatedBy) {
    const last = policy[direction].at(-1)?.range;
    const rule = ruleFor(cluster, connection, direction, policy.namespace);
    const change = last && rule && itemAfter(last, rule);
    const list = `${policy.namespace}/${policy.name} spec.${direction}`;
    if (change !== undefined) yield edit("add-rule", `add a rule to ${list}`, change);
  }
  const added = policyToAllow(cluster, connection, direction, subject);
  if (added !== undefined) yield added;
}

/** The pod whose policies are asked. */
export function subjectOf(connection: Connection, direction: Direction): Pod | undefined {
  const end = direction === "egress" ? connection.source : connection.destination;
  return end.kind === "pod" ? end.pod : undefined;
}

function* additions(
  cluster: Cluster,
  connection: Connection,
  direction: Direction,
  { policy, rule, peersMatch, portsMatch }: RuleMiss,
  causes: readonly MissCause[],
): Generator<Edit> {
  const end = direction === "egress" ? connection.destination : connection.source;
  const name = `${policy.namespace}/${policy.name} ${rule.path}`;
  if (!peersMatch && portsMatch) {
    const peer = peerFor(cluster, policy.namespace, end);
    const last = rule.peers.at(-1)?.range;
    const change = last && peer !== undefined ? itemAfter(last, peer) : undefined;
    if (change !== undefined) yield edit("add-peer", `add a peer to ${name}`, change);
    if (end.kind === "pod") {
      for (const cause of causes) {
        const label = cause.kind === "pod-label" ? labelEdit(end.pod, cause.requirement) : undefined;
        if (label !== undefined) yield label;
      }
    }
  }
  if (peersMatch && !portsMatch) {
    const last = rule.ports.at(-1)?.range;
    const change = last && itemAfter(last, portFor(connection));
    if (change !== undefined) yield edit("add-port", `add a port to ${name}`, change);
  }
}

/** What a near miss says was meant. */
function* corrections({ policy, rule }: RuleMiss, cause: MissCause): Generator<Edit> {
  const name = `${policy.namespace}/${policy.name} ${rule.path}`;
  if (isPeerCause(cause)) {
    if (cause.kind !== "pod-label" && cause.kind !== "namespace-label") return;
    const { near, requirement } = cause;
    const { range } = requirement;
    if (near === undefined || range === undefined || requirement.operator !== "In") return;
    const written = range.file.text.slice(range.start, range.end);
    const [, keyText, between] = /^(["']?[\w./-]+["']?)(\s*:\s*)["']?[\w.-]*["']?$/.exec(written) ?? [];
    if (keyText === undefined || between === undefined) return;
    const quoted = (text: string): string => (/^["']/.test(keyText) ? JSON.stringify(text) : text);
    const value =
      /^[A-Za-z][\w.-]*$/.test(near.value) && !/["']$/.test(written) ? near.value : JSON.stringify(near.value);
    yield edit("correct-selector", `select ${near.key}=${near.value} in ${name}`, {
      file: range.file,
      start: range.start,
      end: range.end,
      text: `${quoted(near.key)}${between}${value}`,
    });
    return;
  }
  const { item } = cause;
  if (cause.kind !== "other-port" || cause.servicePort === undefined || item.range === undefined) return;
  const { file, start, end } = item.range;
  const { port, targetPort } = cause.servicePort;
  const written = new RegExp(`(["']?port["']?\\s*:\\s*)${port}\\b`).exec(file.text.slice(start, end));
  if (written === null) return;
  const at = start + written.index + (written[1] as string).length;
  yield edit("correct-port", `write the pod's own port, ${targetPort}, in ${name}`, {
    file,
    start: at,
    end: at + `${port}`.length,
    text: `${targetPort}`,
  });
}

function ruleFor(cluster: Cluster, connection: Connection, direction: Direction, namespace: string) {
  const peer = peerFor(cluster, namespace, direction === "egress" ? connection.destination : connection.source);
  if (peer === undefined) return undefined;
  return { [direction === "ingress" ? "from" : "to"]: [peer], ports: [portFor(connection)] };
}

function edit(kind: EditKind, summary: string, change: TextEdit): Edit {
  return { kind, summary, changes: [change] };
}
