import type { FleetStatus, NodeStatus, PolicyStatus } from "@podwall/agent";
import { type Style, printable } from "@podwall/report";

/** Of each list of reasons so many are shown. */
const mostReasons = 5;

/** What `podwall status` prints for people. */
export function statusText({ nodes, policies, deletedPolicies, closedPods }: FleetStatus, style: Style): string {
  return [
    ...policyLines(policies, style),
    ...(deletedPolicies.length === 0 ? [] : ["", ...deletedLines(deletedPolicies, style)]),
    "",
    ...nodeLines(nodes, style),
    ...(closedPods.length === 0 ? [] : ["", ...closedLines(closedPods, style)]),
    "",
  ].join("\n");
}

function policyLines(policies: readonly PolicyStatus[], style: Style): string[] {
  if (policies.length === 0) return ["no policies are written"];
  const rows = policies.map((policy) => {
    const { generation, enforcedOn, of, latencyMs } = policy;
    const took = latencyMs === undefined ? "" : `${latencyMs} ms`;
    return [printable(namedPolicy(policy)), String(generation), `${enforcedOn} of ${of} nodes`, took];
  });
  const [head = "", ...lines] = table([["POLICY", "GENERATION", "ENFORCED ON", "LATENCY"], ...rows]);
  return [
    style.dim(head),
    ...policies.flatMap(({ missing }, index) => {
      const line = lines[index] ?? "";
      return [missing.length === 0 ? line : style.bad(line), ...reasons(missing, style)];
    }),
  ];
}

function deletedLines(policies: FleetStatus["deletedPolicies"], style: Style): string[] {
  const rows = policies.map(({ stillOn, ...policy }) => [
    printable(namedPolicy(policy)),
    `${stillOn.length} ${stillOn.length === 1 ? "node" : "nodes"}`,
  ]);
  const [head = "", ...lines] = table([["DELETED POLICY", "STILL ENFORCED ON"], ...rows]);
  return [
    style.dim(head),
    ...policies.flatMap(({ stillOn }, index) => [style.bad(lines[index] ?? ""), ...reasons(stillOn, style)]),
  ];
}

function namedPolicy({ kind, namespace, name }: { kind: string; namespace?: string; name: string }): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

function nodeLines(nodes: readonly NodeStatus[], style: Style): string[] {
  const rows = nodes.map(({ node, state, localPods, driftRepairs = 0, because = "" }) => [
    printable(node),
    state,
    localPods === undefined ? "" : String(localPods),
    driftRepairs === 0 ? "" : `mended ${driftRepairs} times`,
    printable(because),
  ]);
  const [head = "", ...lines] = table([["NODE", "AGENT", "PODS", "DRIFT", ""], ...rows]);
  return [
    style.dim(head),
    ...lines.map((line, index) => {
      const { state, driftRepairs = 0 } = nodes[index] as NodeStatus;
      return state !== "ready" ? style.bad(line) : driftRepairs > 0 ? style.warn(line) : line;
    }),
  ];
}

function closedLines(pods: FleetStatus["closedPods"], style: Style): string[] {
  const rows = pods.map(({ pod, node, because }) => [printable(pod), printable(node), printable(because)]);
  const [head = "", ...lines] = table([["CLOSED POD", "NODE", ""], ...rows]);
  return [style.dim(head), ...lines.map((line) => style.warn(line))];
}

function reasons(missing: PolicyStatus["missing"], style: Style): string[] {
  const shown = missing.slice(0, mostReasons).map(({ node, because }) => `  ${printable(node)}: ${printable(because)}`);
  const more = missing.length - shown.length;
  return [...shown, ...(more === 0 ? [] : [`  … and ${more} more nodes`])].map((line) => style.dim(line));
}

/** Rows with their columns below each other. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
