import { bypassKinds } from "../detect/bypass.ts";
import type { BypassWatch } from "../detect/bypass-watch.ts";
import type { NodeAgent } from "../loop/node-agent.ts";
import type { Source } from "../source/source.ts";
import type { DeniedTotals } from "./denied-totals.ts";
import { type AgentMetrics, family } from "./metrics.ts";

/** What the endpoints tell about. */
export interface Served {
  readonly node: string;
  readonly agent: Pick<NodeAgent, "applied" | "failing" | "pending" | "pendingMs" | "troubles">;
  readonly source: Source;
  readonly metrics: AgentMetrics;
  readonly bypasses: Pick<BypassWatch, "found">;
  /** Undefined where it was not read yet. */
  readonly denied: () => Promise<DeniedTotals | undefined>;
}

/** So many troubles are told of by name. */
const mostTroubles = 100;

/** Why the agent is not ready; undefined where it is. */
export function notReady({ agent, source, bypasses }: Served): string | undefined {
  const [bypass] = bypasses.found;
  if (bypass !== undefined) return `${bypass.found}; ${bypass.mend}`;
  const waiting = [...source.progress()].filter(([, { synced }]) => !synced).map(([kind]) => kind);
  if (waiting.length > 0) return `not in sync: ${waiting.join(", ")}`;
  if (agent.failing !== undefined) return `the last change is not in force: ${agent.failing}`;
  return agent.applied === undefined ? "nothing was put in force yet" : undefined;
}

/** The document of `/state`. */
export function stateDocument(served: Served): object {
  const { node, agent, source } = served;
  const { applied } = agent;
  const because = notReady(served);
  return {
    apiVersion: "podwall.dev/v1",
    kind: "AgentState",
    node,
    ready: because === undefined,
    ...(because === undefined ? {} : { because }),
    pending: agent.pending,
    driftRepairs: served.metrics.drifts,
    sources: Object.fromEntries(source.progress()),
    troubles: [...agent.troubles].slice(0, mostTroubles).map(([about, message]) => ({ about, message })),
    ...(applied === undefined
      ? {}
      : {
          applied: applied.report,
          localPods: applied.localPods,
          policies: applied.policies,
          closedPods: [...applied.closedPods].map(([pod, why]) => ({ pod, because: why })),
        }),
  };
}

/** The text of `/metrics`. */
export async function metricsText(served: Served): Promise<string> {
  const { agent, source, metrics } = served;
  const { applied } = agent;
  const policies = applied?.policies ?? [];
  const count = (enforced: string): number => policies.filter((policy) => policy.enforced === enforced).length;
  const denied = await served.denied();
  const kinds = [...source.progress()];
  const lines = [
    ...family("podwall_ready", "gauge", "1 when all is known and in force.", [
      [{}, notReady(served) === undefined ? 1 : 0],
    ]),
    ...family(
      "podwall_objects",
      "gauge",
      "Objects that are known, by kind.",
      kinds.map(([kind, { objects }]) => [{ kind }, objects]),
    ),
    ...family(
      "podwall_source_failing",
      "gauge",
      "1 while a kind of objects cannot be followed: what is known of it is old.",
      kinds.map(([kind]) => [{ kind }, agent.troubles.has(kind) ? 1 : 0]),
    ),
    ...family("podwall_objects_unreadable", "gauge", "Objects whose newest version cannot be read.", [
      [{}, [...agent.troubles.keys()].filter((about) => kinds.every(([kind]) => kind !== about)).length],
    ]),
    ...family("podwall_pending_seconds", "gauge", "How long a change is known already that is not in force yet.", [
      [{}, agent.pendingMs / 1000],
    ]),
    ...family("podwall_local_pods", "gauge", "Pods of this node.", [[{}, applied?.localPods ?? 0]]),
    ...family("podwall_pods_closed", "gauge", "Pods of this node that nothing reaches yet.", [
      [{}, applied?.closedPods.size ?? 0],
    ]),
    ...family(
      "podwall_bypasses",
      "gauge",
      "Ways past all rules that this node has, by kind.",
      bypassKinds.map((kind) => [{ kind }, served.bypasses.found.filter((one) => one.kind === kind).length]),
    ),
    ...family("podwall_policies", "gauge", "Policies, by what is enforced of them.", [
      [{ enforced: "as written" }, count("as written")],
      [{ enforced: "last good version" }, count("last good version")],
      [{ enforced: "closed" }, count("closed")],
    ]),
    ...(denied === undefined
      ? []
      : [
          ...family("podwall_denied_packets", "gauge", "Packets of the connections that were denied lately.", [
            [{ direction: "egress" }, denied.packets.egress],
            [{ direction: "ingress" }, denied.packets.ingress],
          ]),
          ...family("podwall_denied_flows", "gauge", "Connections that were denied lately.", [[{}, denied.flows]]),
        ]),
    ...metrics.lines(),
    ...family("process_resident_memory_bytes", "gauge", "Memory of the agent.", [[{}, process.memoryUsage.rss()]]),
  ];
  return `${lines.join("\n")}\n`;
}
