import {
  type AnyPod,
  type Labels,
  type PossibleEnd,
  formatConnections,
  formatIntervals,
  formatSelector,
} from "@podwall/engine";
import { printable } from "../printable.ts";
import { placeText, policyText } from "../reason-text.ts";
import type { Style } from "../style.ts";
import { jsonConnections } from "../verdict-json.ts";
import { jsonIntervals } from "./reach-json.ts";
import { setText, widthOf } from "./reach-text.ts";

/** What a pod that is not there yet could do, whatever its labels. */
export function anyPodText({ namespace, policies, source, destination, isCut }: AnyPod, style: Style): string {
  return [
    `a new pod in namespace ${printable(namespace)}, with any labels`,
    ...(policies.length === 0 ? ["  no NetworkPolicy of the namespace could select it"] : []),
    ...policies.map(({ policy, selectsAll }) => {
      const whom = selectsAll ? "selects it" : printable(`selects it with ${formatSelector(policy.podSelector)}`);
      return `  ${policyText(policy)} ${whom}, for ${policy.directions.join(" and ")}${placeText(policy.range, style)}`;
    }),
    ...sideLines("may reach", source, style),
    ...sideLines("may be reached by", destination, style),
    ...(isCut ? [style.warn("not all labels were tried that policies tell apart: there are too many")] : []),
  ].join("\n");
}

function sideLines(what: string, ends: readonly PossibleEnd[], style: Style): string[] {
  if (ends.length === 0) return [`${what} ${style.bad("nobody")}`];
  const names = ends.map(({ end }) => printable(typeof end === "string" ? end : formatIntervals(end)));
  const width = widthOf(names);
  return [
    `${what}:`,
    ...ends.map(({ always, possible, example }, index) => {
      const who = (names[index] as string).padEnd(width);
      if (example === undefined) return `  ${who}  ${setText(always, style)}`;
      const least = formatConnections(always) === "none" ? "" : `${setText(always, style)} always, `;
      const labels = printable(example.size === 0 ? "without labels" : `with labels such as ${labelsText(example)}`);
      return `  ${who}  ${least}${setText(possible, style)} ${labels}`;
    }),
  ];
}

function labelsText(labels: Labels): string {
  return [...labels].map(([key, value]) => `${key}=${value}`).join(",");
}

/** The same for programs. */
export function jsonAnyPod({
  namespace,
  policies,
  source,
  destination,
  isCut,
}: AnyPod): Readonly<Record<string, unknown>> {
  const side = (ends: readonly PossibleEnd[]): readonly Readonly<Record<string, unknown>>[] =>
    ends.map(({ end, always, possible, example }) => ({
      ...(typeof end === "string" ? { name: end } : { intervals: jsonIntervals(end) }),
      always: jsonConnections(always),
      possible: jsonConnections(possible),
      example: example && Object.fromEntries(example),
    }));
  return {
    namespace,
    policies: policies.map(({ policy, selectsAll }) => ({
      policy: `${policy.namespace}/${policy.name}`,
      selector: formatSelector(policy.podSelector),
      selectsAll,
      directions: policy.directions,
    })),
    source: side(source),
    destination: side(destination),
    isCut,
  };
}
