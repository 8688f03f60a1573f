import { type Coverage, type OtherObject, formatRange } from "@podwall/engine";
import { counted } from "../counted.ts";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";

/**
 * What was read, on one line: `3 files, 12 objects (2 Deployment, 10 NetworkPolicy); kinds podwall does not use: 1
 * ConfigMap`; and a line for all of a sort that answers may depend on and are not made of.
 */
export function coverageText(coverage: Coverage, style: Style): string {
  return [countsText(coverage), ...warnings(coverage).map((text) => style.warn(printable(text)))].join("\n");
}

function countsText({ files, objects, used, leftOut, ignored }: Coverage): string {
  const parts = [
    `${counted(files, "file")}, ${counted(objects, "object")}${used.size === 0 ? "" : ` (${list(used)})`}`,
    ...(leftOut.size === 0 ? [] : [`left out because of errors: ${list(leftOut)}`]),
    ...(ignored.size === 0 ? [] : [`kinds podwall does not use: ${list(ignored)}`]),
  ];
  return printable(parts.join("; "));
}

function warnings({ others, undeclared, namespaceKeys }: Coverage): string[] {
  const policies = others.filter(({ role }) => role === "policy");
  const pods = others.filter(({ role }) => role === "pods");
  return [
    ...(policies.length === 0 ? [] : [`not judged by, and may change answers: ${named(policies)}`]),
    ...(pods.length === 0 ? [] : [`their pods are not known: ${named(pods)}`]),
    ...(undeclared.length === 0
      ? []
      : [
          `not in the input: ${firstOf(undeclared.map((name) => `Namespace ${name}`))}; policies ask namespaces for ${namespaceKeys.join(", ")}`,
        ]),
  ];
}

/** `CiliumNetworkPolicy shop/cart (file:1:1)`, for the first of them. */
function named(others: readonly OtherObject[]): string {
  return firstOf(others.map(otherText));
}

/** `CiliumNetworkPolicy shop/cart (file:1:1)`. */
export function otherText({ kind, name, namespace, range }: OtherObject): string {
  const where = range === undefined ? "" : ` (${formatRange(range)})`;
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}${where}`;
}

function firstOf(texts: readonly string[]): string {
  const rest = texts.length - mostNamed;
  return `${texts.slice(0, mostNamed).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

const mostNamed = 5;

function list(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, count]) => `${count} ${kind === "" ? "of no kind" : kind}`)
    .join(", ");
}
