import { nearest } from "../../api/nearest.ts";
import { type LabelSelector, type Labels, type SelectorRequirement, requirementHolds } from "../../model/selector.ts";

/** Something that a selector would select but for one slip. */
export interface NearLabels<Item> {
  readonly item: Item;
  /** The requirement that does not hold, and the label that was most likely meant. */
  readonly requirement: SelectorRequirement;
  readonly key: string;
  readonly value: string;
}

/** The first item that fails one requirement of a selector only, and that by a few letters or by the label's key. */
export function nearLabels<Item extends { readonly labels: Labels }>(
  selector: LabelSelector,
  items: readonly Item[],
): NearLabels<Item> | undefined {
  for (const item of items) {
    const [requirement, another] = selector.requirements.filter((one) => !requirementHolds(one, item.labels));
    if (requirement === undefined || another !== undefined || requirement.operator !== "In") continue;
    const meant = meantLabel(requirement, item.labels);
    if (meant !== undefined) return { item, requirement, ...meant };
  }
  return undefined;
}

function meantLabel(
  { key, values }: SelectorRequirement,
  labels: Labels,
): { readonly key: string; readonly value: string } | undefined {
  const own = labels.get(key);
  if (own !== undefined) return values.some((value) => isSlip(value, own)) ? { key, value: own } : undefined;
  for (const [otherKey, value] of labels) {
    if (values.includes(value) && (nearest(key, [otherKey]) !== undefined || isNameKey(key, otherKey))) {
      return { key: otherKey, value };
    }
  }
  return undefined;
}

/** Keys by which manifests name an application; one is easily taken for another. */
function isNameKey(...keys: readonly string[]): boolean {
  return keys.every((key) => ["app", "name", "k8s-app", "app.kubernetes.io/name", "component"].includes(key));
}

/**
 * Whether one text is the other but for a slip. Names that are told apart on purpose, such as `team-a` and `team-b` or
 * `web1` and `web2`, are no slips of each other.
 */
export function isSlip(a: string, b: string): boolean {
  if (plain(a) === plain(b)) return true;
  const [as, bs] = [a, b].map((text) => text.toLowerCase().split(/[-_.]/)) as [string[], string[]];
  if (as.length !== bs.length) return false;
  const differing = as.flatMap((part, index) => (part === bs[index] ? [] : [[part, bs[index] as string] as const]));
  return differing.length === 1 && differing.every(([x, y]) => isWordSlip(x, y));
}

function isWordSlip(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < 4 || a.replaceAll(/\d/g, "") === b.replaceAll(/\d/g, "")) return false;
  return nearest(a, [b]) !== undefined && a[0] === b[0];
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[-_.]/g, "");
}
