import { type Target, parseTarget } from "../find-endpoint.ts";
import type { ExplainFlags } from "./explain-input.ts";

/** What `podwall explain` is asked. */
export type Question =
  | { readonly kind: "connection"; readonly from: string; readonly target: Target }
  | { readonly kind: "reach"; readonly target: Target; readonly as: "source" | "destination" }
  | { readonly kind: "blast-radius"; readonly end: string };

/** The question of a command line, or what is wrong with it. */
export function questionOf(
  { from, to, blastRadius }: Pick<ExplainFlags, "from" | "to" | "blastRadius">,
  ends: readonly string[],
): Question | { readonly problem: string } {
  if (blastRadius !== undefined) {
    return from === undefined && to === undefined && ends.length === 0
      ? { kind: "blast-radius", end: blastRadius }
      : { problem: "--blast-radius is about one pod and goes with no other end" };
  }
  if (ends.length > 0 && (from !== undefined || to !== undefined)) {
    return { problem: "name both ends as SRC DST, or with --from and --to, not in both ways" };
  }
  const [source = from, destination = to, third] = ends;
  if (third !== undefined) return { problem: "name two ends, SRC and DST: a third is one too many" };
  const named = destination ?? source;
  if (named === undefined || (ends.length > 0 && destination === undefined)) {
    return { problem: "name two ends, SRC and DST, or one with --from, --to or --blast-radius" };
  }
  const target = parseTarget(named);
  if (typeof target === "string") return { problem: target };
  if (destination === undefined) return { kind: "reach", target, as: "source" };
  return source === undefined
    ? { kind: "reach", target, as: "destination" }
    : { kind: "connection", from: source, target };
}
