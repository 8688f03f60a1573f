import { type DiffEnd, type DiffPods, formatIntervals } from "@podwall/engine";
import { printable } from "../printable.ts";

/** So many names are written out; the rest is counted. */
const mostNames = 4;

/** Writes lists of ends for people: short, and what is all of a namespace as that. */
export class EndNames {
  readonly #sizes: ReadonlyMap<string, number>;
  readonly #all: number;

  constructor(ends: readonly DiffPods[]) {
    const sizes = new Map<string, number>();
    for (const { namespace } of ends) sizes.set(namespace, (sizes.get(namespace) ?? 0) + 1);
    this.#sizes = sizes;
    this.#all = ends.length;
  }

  list(ends: readonly DiffEnd[]): string {
    const pods = ends.filter((end) => end.kind === "pods");
    if (pods.length === this.#all && this.#sizes.size > 1) return "every pod";
    const whole = this.#wholeNamespaces(pods);
    const rest = pods.filter(({ namespace }) => !whole.has(namespace)).map(podsText);
    const others = ends.flatMap((end) => (end.kind === "pods" ? [] : [otherText(end)]));
    const names = [...others, ...[...whole].map((namespace) => `all of ${printable(namespace)}`), ...rest];
    const shown = names.length > mostNames + 1 ? names.slice(0, mostNames) : names;
    const left = names.length - shown.length;
    return `${shown.join(", ")}${left === 0 ? "" : ` and ${left} more`}`;
  }

  /** The namespaces of which all ends are listed; one workload alone is called by its own name. */
  #wholeNamespaces(pods: readonly DiffPods[]): ReadonlySet<string> {
    const byNamespace = new Map<string, DiffPods[]>();
    for (const end of pods) {
      const others = byNamespace.get(end.namespace);
      if (others === undefined) byNamespace.set(end.namespace, [end]);
      else others.push(end);
    }
    const whole = [...byNamespace].filter(
      ([namespace, own]) => own.length === this.#sizes.get(namespace) && (own.length > 1 || own.some(isSeveral)),
    );
    return new Set(whole.map(([namespace]) => namespace));
  }
}

/** Whether an end is several pods without a name in common. */
function isSeveral({ name, pods }: DiffPods): boolean {
  return pods.length > 1 && name === pods[0];
}

/** `shop/web`, or the first of several pods and how many are like it. */
function podsText(end: DiffPods): string {
  const alike = isSeveral(end) ? ` (and ${end.pods.length - 1} alike)` : "";
  return `${printable(end.name)}${alike}${end.presence === "both" ? "" : ` (${end.presence})`}`;
}

function otherText(end: Exclude<DiffEnd, DiffPods>): string {
  return end.kind === "addresses" ? formatIntervals(end.intervals) : `${printable(end.name)} by name`;
}
