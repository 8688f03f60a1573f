import { type Cluster, anyPodOf, endpointOf, isolatingPolicies, nearest, reachOf, withNewPod } from "@podwall/engine";
import { anyPodText, jsonAnyPods, jsonReach, policyText, printable, reachText } from "@podwall/report";
import { styleFor } from "../colour.ts";
import type { ExplainAnswer, ExplainFlags, ExplainInput } from "./explain-input.ts";

/** The labels of `--labels`, or what is wrong with them; undefined where they are left open. */
export function labelsOf({ labels }: Pick<ExplainFlags, "labels">): ReadonlyMap<string, string> | string | undefined {
  if (labels === undefined) return undefined;
  const found = new Map<string, string>();
  for (const part of labels.split(",").filter((one) => one !== "")) {
    const [key = "", value, more] = part.split("=");
    if (key === "" || value === undefined || more !== undefined) return `"${part}" in --labels is not KEY=VALUE`;
    found.set(key, value);
  }
  return found;
}

/** What a pod that is not there yet could reach, and be reached by. */
export function explainNewPod({ context, flags, cluster, seen }: ExplainInput): ExplainAnswer {
  const style = styleFor(context.process.stdout);
  const labels = labelsOf(flags);
  if (typeof labels === "string") return { problem: labels };
  if (labels === undefined) {
    const namespaces = flags.namespace === undefined ? [...cluster.namespaces.keys()] : [flags.namespace];
    if (namespaces.length > 1 && namespaces.length * cluster.pods.length > mostPairs) {
      return {
        problem: `the input has ${namespaces.length} namespaces, each of which may exchange something with many of ${cluster.pods.length} pods: name one with -n`,
      };
    }
    const found = namespaces.map((namespace) => anyPodOf(seen, namespace));
    return {
      text: [
        ...unknownNamespace(cluster, flags.namespace),
        found.map((one) => anyPodText(one, style)).join("\n\n"),
      ].join("\n"),
      kind: "NewPod",
      fields: jsonAnyPods(found),
      isYes: true,
    };
  }
  const grown = withNewPod(cluster, { namespace: flags.namespace ?? "default", labels });
  const directions = ["ingress", "egress"] as const;
  const isolation = directions.map((direction) => {
    const policies = isolatingPolicies(grown.cluster, grown.pod, direction).map(policyText);
    return { direction, policies };
  });
  const [source, destination] = (["source", "destination"] as const).map((as) =>
    reachOf({ ...seen, cluster: grown.cluster }, { end: endpointOf(grown.pod), as }),
  );
  if (source === undefined || destination === undefined) throw new Error("two questions have two answers");
  const lines = isolation.map(({ direction, policies }) =>
    policies.length === 0 ? `not isolated for ${direction}` : `isolated for ${direction} by ${policies.join(", ")}`,
  );
  return {
    text: [
      ...unknownNamespace(cluster, grown.pod.namespace),
      ...lines,
      reachText(source, style),
      reachText(destination, style),
    ].join("\n"),
    kind: "NewPod",
    fields: {
      namespace: grown.pod.namespace,
      labels: Object.fromEntries(labels),
      isolatedBy: Object.fromEntries(isolation.map(({ direction, policies }) => [direction, policies])),
      reaches: jsonReach(source),
      reachedBy: jsonReach(destination),
    },
    isYes: true,
  };
}

/** Namespaces times pods that are answered for at once: nobody reads as many lines, and they take minutes. */
const mostPairs = 200_000;

/** A namespace that nothing of the input is in may be a new one, and may be misspelt. */
function unknownNamespace({ namespaces }: Cluster, name: string | undefined): string[] {
  if (name === undefined || namespaces.has(name)) return [];
  const near = nearest(name, [...namespaces.keys()]);
  return [`namespace ${printable(name)} is not in the input${near === undefined ? "" : `; did you mean ${near}?`}`];
}
