import {
  type Cluster,
  type Direction,
  type Endpoint,
  type TierStep,
  connections,
  formatConnections,
  isEmpty,
  missCauses,
  pairSide,
} from "@podwall/engine";
import { causeText } from "./cause-text.ts";
import { endpointText } from "./endpoint-text.ts";
import { isolationText, openText, placeText, policyText } from "./reason-text.ts";
import type { Style } from "./style.ts";
import { tierStepsText } from "./tier-text.ts";

/** Everything one end may send another, and the rules that say so. */
export function pairText(cluster: Cluster, source: Endpoint, destination: Endpoint, style: Style): string {
  const set = connections(cluster, source, destination);
  const answer = isEmpty(set) ? style.bad("nothing is allowed") : style.good(formatConnections(set));
  return [
    `${endpointText(source)} -> ${endpointText(destination)}: ${answer}`,
    ...sideText(cluster, "egress", source, destination, style),
    ...sideText(cluster, "ingress", source, destination, style),
  ].join("\n");
}

function sideText(
  cluster: Cluster,
  direction: Direction,
  source: Endpoint,
  destination: Endpoint,
  style: Style,
): string[] {
  const side = pairSide(cluster, direction, source, destination);
  const heading = `  ${direction} of ${endpointText(direction === "egress" ? source : destination)}`;
  const stepsOf = (steps: readonly TierStep[]): string[] => tierStepsText(steps, style).map((line) => `    ${line}`);
  if (side.open !== undefined) {
    const rest = side.admin.length + side.baseline.length === 0 ? "all" : "all the rest";
    const tiers = [...stepsOf(side.admin), ...stepsOf(side.baseline)];
    return [`${heading}: ${style.good(rest)}, ${openText(side.open, direction)}`, ...tiers];
  }
  const anyPort = { source, destination, protocol: "TCP", port: 0 } as const;
  return [
    `${heading}:`,
    ...stepsOf(side.admin),
    ...isolationText(side.isolatedBy, style).map((line) => `    ${line}`),
    ...side.rules.flatMap(({ policy, rule, peersMatch, allows }) => {
      const name = `${policyText(policy)} ${rule.path}${placeText(rule.range, style)}`;
      if (peersMatch) return [`    ${style.good(formatConnections(allows))} by ${name}`];
      const miss = { policy, rule, peersMatch, portsMatch: true };
      const causes = missCauses(cluster, anyPort, direction, miss).map((cause) => `      ${causeText(cause)}`);
      return [`    nothing by ${name}`, ...causes];
    }),
    ...(side.rules.length === 0 ? ["    and no rule allows anything"] : []),
  ];
}
