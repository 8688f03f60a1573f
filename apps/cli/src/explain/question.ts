import { type Target, parseTarget } from "../find-endpoint.ts";
import type { ExplainFlags } from "./explain-input.ts";

/** What `podwall explain` is asked. */
export type Question =
  | { readonly kind: "connection"; readonly from: string; readonly target: Target }
  | { readonly kind: "service"; readonly from: string; readonly service: ServiceName; readonly target: Target }
  | { readonly kind: "world"; readonly end: string; readonly as: "source" | "destination"; readonly target: Target }
  | { readonly kind: "reach"; readonly target: Target; readonly as: "source" | "destination" }
  | { readonly kind: "new-pod" }
  | { readonly kind: "blast-radius"; readonly end: string };

/** The question of a command line, or what is wrong with it. */
export function questionOf(
  { from, to, blastRadius, newPod, labels }: Pick<ExplainFlags, "from" | "to" | "blastRadius" | "newPod" | "labels">,
  ends: readonly string[],
): Question | { readonly problem: string } {
  if (labels !== undefined && !newPod) return { problem: "--labels are those of --new-pod" };
  if (newPod && from === undefined && to === undefined && blastRadius === undefined && ends.length === 0) {
    return { kind: "new-pod" };
  }
  if (newPod && labels === undefined) {
    return { problem: 'to ask about new-pod and another end, say which --labels it has; "" is none' };
  }
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
  if (source === undefined) return { kind: "reach", target, as: "destination" };
  const service = serviceNamed(target.name);
  if (service !== undefined) return { kind: "service", from: source, service, target };
  if (source === world && target.name === world) return { problem: "the world is one end at most" };
  if (source === world) return { kind: "world", end: target.name, as: "destination", target };
  if (target.name === world) return { kind: "world", end: source, as: "source", target };
  return { kind: "connection", from: source, target };
}

/** Everybody outside: all addresses that are no pod's. */
export const world = "world";

/** A Service as a person names it. */
export interface ServiceName {
  readonly namespace?: string;
  readonly name: string;
}

/** `svc/NAME` or `NAMESPACE/svc/NAME`, as kubectl writes kinds. */
function serviceNamed(text: string): ServiceName | undefined {
  const [, namespace, name] = /^(?:([^/]+)\/)?(?:svc|service|services)\/([^/]+)$/i.exec(text) ?? [];
  return name === undefined ? undefined : { name, ...(namespace === undefined ? {} : { namespace }) };
}
