import type { ApiObject } from "../../../model/api-object.ts";
import type { PolicyRule } from "../../../model/network-policy.ts";
import type { Diagnostic } from "../../../source/diagnostic.ts";
import type { SourceRange } from "../../../source/source-file.ts";
import type { FindingInput } from "../input.ts";
import { nameRange } from "../words.ts";
import { oneEndOnly } from "./one-end-only.ts";
import { type ServicePortItem, portsOfNobody, servicePorts } from "./ports-of-nobody.ts";

/**
 * Ports of rules that no destination has, and rules that only one end grants. Where a Service's port in place of the pod's
 * makes a rule one that only one end grants, that is one mistake with one mend: it is told with the port.
 */
export function portsAndEnds(
  objects: readonly ApiObject[],
  input: FindingInput,
  inputOf: (objects: readonly ApiObject[]) => FindingInput,
): readonly Diagnostic[] {
  const [ports, ends] = [[...portsOfNobody(input)], [...oneEndOnly(input)]];
  const wrong = ends.length === 0 ? [] : servicePorts(input);
  if (wrong.length === 0) return [...ports, ...ends];
  const stays = new Set([...oneEndOnly(inputOf(mended(objects, wrong)))].map(({ range }) => range));
  const places = new Map<SourceRange | undefined, SourceRange[]>();
  const left = ends.filter((end) => {
    const cause = stays.has(end.range) ? undefined : wrong.find((port) => isWithin(port, end) || isMet(port, end));
    if (cause === undefined) return true;
    if (end.range !== undefined && !isWithin(cause, end)) {
      places.set(cause.item.range, [...(places.get(cause.item.range) ?? []), end.range]);
    }
    return false;
  });
  const told = ports.map((port) => {
    const inVain = (places.get(port.range) ?? []).map((range) => ({
      message: "allowed at the other end, in vain",
      range,
    }));
    return inVain.length === 0 ? port : { ...port, related: [...(port.related ?? []), ...inVain] };
  });
  return [...told, ...left];
}

/** The objects with the pods' ports instead. */
function mended(objects: readonly ApiObject[], wrong: readonly ServicePortItem[]): readonly ApiObject[] {
  const targets = new Map(wrong.map(({ item, target }) => [item, target]));
  const mend = (rule: PolicyRule): PolicyRule => ({
    ...rule,
    ports: rule.ports.map((item) => {
      const target = targets.get(item);
      return target === undefined ? item : { ...item, port: { kind: "interval", first: target, last: target } };
    }),
  });
  return objects.map((object) =>
    object.kind === "NetworkPolicy"
      ? { ...object, ingress: object.ingress.map(mend), egress: object.egress.map(mend) }
      : object,
  );
}

/** Whether the port is one of the rule that only one end grants. */
function isWithin({ item }: ServicePortItem, { range }: Diagnostic): boolean {
  if (item.range === undefined || range === undefined || item.range.file !== range.file) return false;
  return range.start <= item.range.start && item.range.end <= range.end;
}

/** Whether the port is of the policy that does not let through what the rule grants. */
function isMet({ policy }: ServicePortItem, { related = [] }: Diagnostic): boolean {
  const own = nameRange(policy);
  return related.some(({ range }) => range.file === own?.file && range.start === own.start);
}
