import { type Cluster, type DirectionVerdict, type Verdict, missCauses } from "@podwall/engine";
import { causeText } from "./cause-text.ts";
import { endpointText } from "./endpoint-text.ts";
import { isolationText, openText, placeText, policyText } from "./reason-text.ts";
import type { Style } from "./style.ts";

/** The answer for one connection and the reasons, both directions. */
export function verdictText(cluster: Cluster, verdict: Verdict, style: Style): string {
  const { connection, allowed } = verdict;
  const answer = allowed ? style.good("allowed") : style.bad("denied");
  const what = `${connection.protocol} ${connection.port}`;
  return [
    `${endpointText(connection.source)} -> ${endpointText(connection.destination)} ${what}: ${answer}`,
    ...sideText(cluster, verdict, verdict.egress, style),
    ...sideText(cluster, verdict, verdict.ingress, style),
  ].join("\n");
}

function sideText(cluster: Cluster, verdict: Verdict, side: DirectionVerdict, style: Style): string[] {
  const { direction, reason, allowed } = side;
  const end = direction === "egress" ? verdict.connection.source : verdict.connection.destination;
  const heading = `  ${direction} of ${endpointText(end)}: ${allowed ? style.good("allowed") : style.bad("denied")}`;
  switch (reason.kind) {
    case "allowed-by-rule":
      return [
        heading,
        ...isolationText(reason.isolatedBy, style).map((line) => `    ${line}`),
        ...reason.matches.map(
          ({ policy, rule }) => `    allowed by ${policyText(policy)} ${rule.path}${placeText(rule.range, style)}`,
        ),
      ];
    case "no-rule-matches":
      return [
        heading,
        ...isolationText(reason.isolatedBy, style).map((line) => `    ${line}`),
        ...(reason.misses.length === 0 ? ["    and no rule allows anything"] : []),
        ...reason.misses.flatMap((miss) => [
          `    not allowed by ${policyText(miss.policy)} ${miss.rule.path}${placeText(miss.rule.range, style)}`,
          ...missCauses(cluster, verdict.connection, direction, miss).map((cause) => `      ${causeText(cause)}`),
        ]),
      ];
    default:
      return [`${heading}, ${openText(reason, direction)}`];
  }
}
