import type { WaitTarget } from "@podwall/agent";
import { printable } from "@podwall/report";
import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import { type FleetFlags, fleetFlags, fleetOptions, securityOf } from "../fleet-flags.ts";
import { parseDuration } from "../parse-duration.ts";

interface Flags extends FleetFlags {
  readonly namespace?: string;
  readonly timeout: number;
  readonly all: boolean;
  readonly for: "enforced" | "delete";
  readonly self: boolean;
  readonly agent?: string;
}

const kinds: ReadonlyMap<string, string> = new Map([
  ...["pod", "pods", "po"].map((word) => [word, "Pod"] as const),
  ...["networkpolicy", "networkpolicies", "netpol"].map((word) => [word, "NetworkPolicy"] as const),
  ...["clusternetworkpolicy", "clusternetworkpolicies", "cnp"].map((word) => [word, "ClusterNetworkPolicy"] as const),
  ...["adminnetworkpolicy", "adminnetworkpolicies", "anp"].map((word) => [word, "AdminNetworkPolicy"] as const),
  ...["baselineadminnetworkpolicy", "baselineadminnetworkpolicies", "banp"].map(
    (word) => [word, "BaselineAdminNetworkPolicy"] as const,
  ),
]);
const namespaced = new Set(["Pod", "NetworkPolicy"]);

export const waitCommand = buildCommand<Flags, string[], Context>({
  docs: {
    brief: "Wait until policies or pods are enforced, or policies are gone",
    fullDescription: [
      "Waits until the newest generation of each policy is enforced on every node, and until each pod's own node lets its packets",
      "through as policies say. --all waits for every policy, and until no node enforces one that is deleted. --for=delete waits",
      "until the named policies are deleted and no node enforces them; what is not there is deleted already, as kubectl wait has it.",
      "--self is for an init container: it waits until the pod that it runs in is enforced, asks the agent at HOST_IP:9464 (or",
      "--agent) and needs no rights.",
      "Exits with 0 when all is so, 1 when it is not in time, 2 on bad usage or for what is not there, 3 where the cluster",
      "cannot be asked.",
      "",
      "Examples:",
      "  podwall wait netpol/web pod/db -n shop",
      "  podwall wait shop/pod/db cnp/baseline --timeout 60s",
      "  kubectl apply -f policies/ && podwall wait --all",
      "  kubectl delete netpol/old -n shop && podwall wait --for=delete netpol/old -n shop",
      "  podwall wait --self",
    ].join("\n"),
  },
  parameters: {
    positional: {
      kind: "array",
      parameter: { brief: "[NAMESPACE/]KIND/NAME", parse: String, placeholder: "WHAT" },
    },
    flags: {
      ...fleetFlags,
      namespace: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "Of what is named without one; the context's by default",
        placeholder: "NAME",
      },
      timeout: {
        kind: "parsed",
        parse: parseDuration,
        default: "60s",
        brief: "How long to wait, such as 500ms, 30s or 5m",
        placeholder: "TIME",
      },
      all: {
        kind: "boolean",
        default: false,
        withNegated: false,
        brief: "Wait for every policy that is written, and for the end of every one that is deleted",
      },
      for: {
        kind: "enum",
        values: ["enforced", "delete"],
        default: "enforced",
        brief: "What is to become of the policies that are named",
      },
      self: { kind: "boolean", default: false, withNegated: false, brief: "Wait for the pod that this runs in" },
      agent: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "With --self: the node's agent; HOST_IP and port 9464 by default",
        placeholder: "IP:PORT",
      },
    },
    aliases: { n: "namespace" },
  },
  async func(this: Context, flags, ...what) {
    const refusal = usageOf(flags, what);
    if (refusal !== undefined) return end(this, 2, refusal);
    await (flags.self ? waitSelf(this, flags) : waitCluster(this, flags, what));
  },
});

async function waitSelf(context: Context, { timeout, agent, ...flags }: Flags): Promise<void> {
  const { parseListenAddress, waitForSelf } = await import("@podwall/agent");
  const host = context.process.env?.["HOST_IP"] ?? "";
  const at = parseListenAddress(agent ?? (host.includes(":") ? `[${host}]:9464` : `${host}:9464`));
  if (at === undefined) {
    const mend =
      agent === undefined
        ? "set HOST_IP in the container by fieldRef status.hostIP, or name --agent IP:PORT"
        : `--agent ${agent}: write an address and a port, such as 10.0.0.5:9464`;
    return end(context, 2, mend);
  }
  const result = await waitForSelf({ agent: at, agents: securityOf(flags), timeoutMs: timeout });
  if (result.kind === "enforced") return good(context, [`Pod ${result.pod} is enforced`]);
  end(context, 1, `not enforced within ${timeout / 1000} s: ${printable(result.because)}`);
}

async function waitCluster(context: Context, flags: Flags, what: readonly string[]): Promise<void> {
  const { waitFor, withFleet } = await import("@podwall/agent");
  const { timeout: timeoutMs } = flags;
  const say = (text: string): void => context.process.stderr.write(`podwall wait: ${printable(text)}\n`);
  const result = await withFleet(fleetOptions(flags, context), ({ client, fleet, defaultNamespace }) => {
    const targets = what.map((text) => targetOf(text, flags.namespace ?? defaultNamespace));
    return waitFor({
      client,
      fleet,
      targets,
      until: flags.for === "delete" ? "deleted" : "enforced",
      timeoutMs,
      onMissing: ([first = "", ...others]) =>
        say(`waiting: ${first}${others.length === 0 ? "" : ` (and ${others.length} more)`}`),
    });
  });
  if ("exitCode" in result) return end(context, result.exitCode, result.because);
  const { value } = result;
  switch (value.kind) {
    case "done":
      return good(context, value.what);
    case "not in time":
      for (const missing of value.missing) say(missing);
      return end(context, 1, `not ${flags.for === "delete" ? "gone" : "enforced"} within ${timeoutMs / 1000} s`);
    case "unknown":
      return end(context, 2, `there is no ${value.what}`);
  }
}

function good(context: Context, what: readonly string[]): void {
  for (const one of what) context.process.stdout.write(`${printable(one)}\n`);
  context.exitCode = 0;
}

function end(context: Context, exitCode: number, message: string): void {
  context.process.stderr.write(`podwall wait: ${message}\n`);
  context.exitCode = exitCode;
}

/** Why the words after the command make no sense together; undefined where they do. */
function usageOf({ all, self, agent, for: until }: Flags, what: readonly string[]): string | undefined {
  const asked = [all, self, what.length > 0].filter(Boolean).length;
  if (asked !== 1) return "name policies or pods ([NAMESPACE/]KIND/NAME), or --all, or --self; one of them";
  if (agent !== undefined && !self) return "--agent goes with --self";
  if (until === "delete" && what.length === 0) return "--for=delete goes with policies that are named";
  const bad = what.find((text) => partsOf(text) === undefined);
  const pod = until === "delete" ? what.find((text) => partsOf(text)?.kind === "Pod") : undefined;
  if (pod !== undefined)
    return `${printable(pod)}: --for=delete is for policies; kubectl wait tells when a pod is gone`;
  if (bad === undefined) return undefined;
  return `${printable(bad)}: write [NAMESPACE/]KIND/NAME; KIND is pod, netpol, cnp, anp or banp`;
}

function partsOf(
  text: string,
): { readonly namespace?: string; readonly kind: string; readonly name: string } | undefined {
  const parts = text.split("/");
  const [name = "", word = "", namespace] = parts.toReversed();
  const kind = kinds.get(word.toLowerCase());
  if (kind === undefined || name === "" || namespace === "" || parts.length > 3) return undefined;
  if (namespace !== undefined && !namespaced.has(kind)) return undefined;
  return { kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

function targetOf(text: string, namespace: string): WaitTarget {
  const parts = partsOf(text);
  if (parts === undefined) throw new Error(`${text} was checked before`);
  return namespaced.has(parts.kind) ? { namespace, ...parts } : parts;
}
