import { type Cluster, type DirectionVerdict, type RuleMatch, type Verdict, missCauses } from "@podwall/engine";
import { causeText } from "./cause-text.ts";
import { endpointText } from "./endpoint-text.ts";
import { itemName, peerText, portText } from "./item-text.ts";
import { printable } from "./printable.ts";
import { isolationText, openText, placeText, policyText } from "./reason-text.ts";
import type { Style } from "./style.ts";
import { tierMatchText } from "./tier-text.ts";

/** The answer for one connection and the reasons, both directions. Unknown is what depends on facts that are missing. */
export function verdictText(
  cluster: Cluster,
  verdict: Verdict,
  style: Style,
  certainty: "known" | "unknown" = "known",
): string {
  const { connection, allowed } = verdict;
  const known = allowed ? style.good("allowed") : style.bad("denied");
  const answer = certainty === "known" ? known : `${style.warn("unknown")} (${known} as far as the input tells)`;
  const what = `${connection.protocol} ${connection.port}`;
  return [
    `${endpointText(connection.source)} -> ${endpointText(connection.destination)} ${what}: ${answer}`,
    ...sideText(cluster, verdict, verdict.egress, style),
    ...sideText(cluster, verdict, verdict.ingress, style),
  ].join("\n");
}

function sideText(cluster: Cluster, verdict: Verdict, side: DirectionVerdict, style: Style): string[] {
  const { direction, reason, allowed, passed } = side;
  const end = direction === "egress" ? verdict.connection.source : verdict.connection.destination;
  const answer = `  ${direction} of ${endpointText(end)}: ${allowed ? style.good("allowed") : style.bad("denied")}`;
  const onTheWay = passed.flatMap((match) => tierMatchText(match, style)).map((line) => `    ${line}`);
  const heading = [answer, ...onTheWay];
  switch (reason.kind) {
    case "accepted-by-tier":
    case "denied-by-tier":
      return [...heading, ...tierMatchText(reason.match, style).map((line) => `    ${line}`)];
    case "allowed-by-rule":
      return [
        ...heading,
        ...isolationText(reason.isolatedBy, style).map((line) => `    ${line}`),
        ...reason.matches.flatMap((match) => matchText(match, style).map((line) => `    ${line}`)),
      ];
    case "no-rule-matches":
      return [
        ...heading,
        ...isolationText(reason.isolatedBy, style).map((line) => `    ${line}`),
        ...(reason.misses.length === 0 ? ["    and no rule allows anything"] : []),
        ...reason.misses.flatMap((miss) => [
          `    not allowed by ${policyText(miss.policy)} ${miss.rule.path}${placeText(miss.rule.range, style)}`,
          ...missCauses(cluster, verdict.connection, direction, miss).map((cause) => `      ${causeText(cause)}`),
        ]),
      ];
    default:
      return [`${answer}, ${openText(reason, direction)}`, ...onTheWay];
  }
}

/** The rule that allows it, and the items of it that match: one of several is what lets somebody in unexpectedly. */
function matchText({ policy, rule, peer, port }: RuleMatch, style: Style): string[] {
  const items = [
    ...(peer === undefined ? [] : [{ item: peer, text: peerText(peer) }]),
    ...(port === undefined ? [] : [{ item: port, text: portText(port) }]),
  ];
  return [
    `allowed by ${policyText(policy)} ${rule.path}${placeText(rule.range, style)}`,
    ...items.map(({ item, text }) => `  ${printable(`${itemName(item)}: ${text}`)}${placeText(item.range, style)}`),
  ];
}
