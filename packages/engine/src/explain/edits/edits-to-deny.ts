import type { Connection } from "../../evaluate/connection.ts";
import { matchingPeer } from "../../evaluate/reference-evaluator.ts";
import type { DirectionVerdict, RuleMatch } from "../../evaluate/verdict.ts";
import type { Cluster } from "../../model/cluster.ts";
import type { Direction } from "../../model/network-policy.ts";
import type { Edit, TextEdit } from "./edit.ts";
import { withoutItem } from "./edit-list.ts";
import { subjectOf } from "./edits-to-allow.ts";
import { policyToDeny } from "./new-policy.ts";

/** Edits that may make one end deny a connection that it allows; none is tried yet. */
export function* editsToDeny(cluster: Cluster, connection: Connection, side: DirectionVerdict): Generator<Edit> {
  const { direction, reason } = side;
  const subject = subjectOf(connection, direction);
  if (reason.kind === "allowed-by-rule") {
    const removals = reason.matches.map((match) => removalOf(cluster, connection, direction, match));
    const changes = removals.flatMap((removal) => removal?.changes ?? []);
    if (removals.every((removal) => removal !== undefined) && !doOverlap(changes)) {
      const kind = removals.some((removal) => removal.kind === "remove-rule") ? "remove-rule" : "remove-peer";
      yield { kind, summary: removals.map(({ summary }) => summary).join("; "), changes };
    }
  }
  if (reason.kind === "not-isolated" && subject !== undefined) yield policyToDeny(cluster, direction, subject);
}

/** Takes away what lets the connection in: the peers that match where others are left, else the rule. */
function removalOf(
  cluster: Cluster,
  connection: Connection,
  direction: Direction,
  { policy, rule }: RuleMatch,
): Edit | undefined {
  const end = direction === "egress" ? connection.destination : connection.source;
  const name = `${policy.namespace}/${policy.name} ${rule.path}`;
  const guilty = rule.peers.filter((peer) => matchingPeer(cluster, policy, { ...rule, peers: [peer] }, end).matches);
  if (guilty.length > 0 && guilty.length < rule.peers.length) {
    const changes = guilty.map(({ range }) => range && withoutItem(range));
    if (!changes.every((change) => change !== undefined)) return undefined;
    const items = guilty.map(({ path }) => path.slice(rule.path.length + 1)).join(", ");
    return { kind: "remove-peer", summary: `remove ${items} of ${name}`, changes };
  }
  const change = rule.range && withoutItem(rule.range);
  return change && { kind: "remove-rule", summary: `remove ${name}`, changes: [change] };
}

function doOverlap(changes: readonly TextEdit[]): boolean {
  return changes.some((one, index) =>
    changes.slice(index + 1).some((other) => one.file === other.file && one.start < other.end && other.start < one.end),
  );
}
