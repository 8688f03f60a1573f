import type { SourceRange } from "../source/source-file.ts";

/** Labels by key. A Map, because keys come from outside and may be `__proto__`. */
export type Labels = ReadonlyMap<string, string>;

export type SelectorOperator = "In" | "NotIn" | "Exists" | "DoesNotExist";

export interface SelectorRequirement {
  readonly key: string;
  readonly operator: SelectorOperator;
  /** Empty for Exists and DoesNotExist. */
  readonly values: readonly string[];
  readonly range?: SourceRange;
}

/**
 * A label selector; every requirement must hold, so one without requirements selects everything.
 * `matchLabels` entries are requirements with operator In and one value, placed first.
 * An absent selector is `undefined` where the API gives absence a meaning of its own.
 */
export interface LabelSelector {
  readonly requirements: readonly SelectorRequirement[];
  readonly range?: SourceRange;
}

/** Whether one requirement holds: k8s.io/apimachinery `labels.Requirement.Matches`. */
export function requirementHolds(requirement: SelectorRequirement, labels: Labels): boolean {
  const value = labels.get(requirement.key);
  switch (requirement.operator) {
    case "In":
      return value !== undefined && requirement.values.includes(value);
    case "NotIn":
      return value === undefined || !requirement.values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
  }
}

/** Whether a selector selects something with these labels. */
export function selects(selector: LabelSelector, labels: Labels): boolean {
  const { requirements } = selector;
  // A plain loop, because nothing is asked more often.
  for (let index = 0; index < requirements.length; index++) {
    if (!requirementHolds(requirements[index] as SelectorRequirement, labels)) return false;
  }
  return true;
}

/** One text per meaning: requirements and values sorted, repeats dropped. `app=web,tier in (a,b)`; everything is `*`. */
export function formatSelector(selector: LabelSelector): string {
  const [first, ...others] = selector.requirements;
  if (first === undefined) return "*";
  if (others.length === 0) return formatRequirement(first);
  return [...new Set(selector.requirements.map(formatRequirement))].sort().join(",");
}

export function formatRequirement({ key, operator, values }: SelectorRequirement): string {
  const list = values.length < 2 ? values : [...new Set(values)].sort();
  switch (operator) {
    case "In":
      return list.length === 1 ? `${key}=${list[0]}` : `${key} in (${list.join(",")})`;
    case "NotIn":
      return list.length === 1 ? `${key}!=${list[0]}` : `${key} notin (${list.join(",")})`;
    case "Exists":
      return key;
    case "DoesNotExist":
      return `!${key}`;
  }
}
