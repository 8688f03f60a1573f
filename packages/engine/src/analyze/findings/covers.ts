import { namespaceNameLabel } from "../../model/cluster.ts";
import { type LabelSelector, formatRequirement, requirementHolds } from "../../model/selector.ts";
import { isSubset, portsOf, union } from "../../net/connection-set.ts";
import { allPorts } from "../../net/port-set.ts";
import { formatNamedPort } from "../../rules/named-port.ts";
import { type AddressInterval, type Predicate, intervalsOf } from "../../rules/predicate.ts";
import type { RuleSpec } from "../../rules/rule-spec.ts";
import { withoutInterval } from "../address-intervals.ts";

/** Whether whatever the inner selector selects, the outer one selects too, in every cluster. It may miss that it is so. */
export function selectorCovers(outer: LabelSelector, inner: LabelSelector): boolean {
  const asked = requirementsOf(inner);
  return [...requirementsOf(outer)].every((requirement) => asked.has(requirement));
}

const formatted = new WeakMap<LabelSelector, ReadonlySet<string>>();

/** The requirements of a selector, one text for each meaning. */
export function requirementsOf(selector: LabelSelector): ReadonlySet<string> {
  const known = formatted.get(selector);
  if (known !== undefined) return known;
  const texts = new Set(selector.requirements.map(formatRequirement));
  formatted.set(selector, texts);
  return texts;
}

/** Whether a rule matches all that another matches, whatever pods there are. It may miss that it does. */
export function ruleCovers(outer: RuleSpec, inner: RuleSpec): boolean {
  return portsCover(outer, inner) && peersCover(outer, inner);
}

function portsCover(outer: RuleSpec, inner: RuleSpec): boolean {
  if (!isSubset(inner.ports, outer.ports)) return false;
  const names = new Set(outer.named.map(formatNamedPort));
  return inner.named.every(
    (named) =>
      names.has(formatNamedPort(named)) || isSubset(union(outer.ports, portsOf(named.protocol, allPorts)), outer.ports),
  );
}

function peersCover({ peers: outer }: RuleSpec, { peers: inner }: RuleSpec): boolean {
  if (outer === undefined) return true;
  return inner !== undefined && inner.every((peer) => isCovered(peer, outer));
}

function isCovered(inner: Predicate, outer: readonly Predicate[]): boolean {
  if (outer.some(({ key }) => key === inner.key)) return true;
  if (inner.kind === "block") {
    const covering = outer.flatMap((one) => (one.kind === "block" ? intervalsOf(one, []) : []));
    const rest = covering.reduce<readonly AddressInterval[]>(withoutInterval, intervalsOf(inner, []));
    return rest.length === 0;
  }
  if (inner.kind !== "pods") return false;
  return outer.some(
    (one) => one.kind === "pods" && scopeCovers(one.namespace, inner.namespace) && selectorCovers(one.pods, inner.pods),
  );
}

function scopeCovers(outer: string | LabelSelector, inner: string | LabelSelector): boolean {
  if (typeof outer === "string") return outer === inner;
  if (typeof inner !== "string") return selectorCovers(outer, inner);
  // Of a namespace that is named, only the label with its name is sure.
  const sure = new Map([[namespaceNameLabel, inner]]);
  return outer.requirements.every(
    (requirement) => requirement.key === namespaceNameLabel && requirementHolds(requirement, sure),
  );
}
