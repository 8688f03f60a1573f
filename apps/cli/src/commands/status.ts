import { jsonOutput } from "@podwall/report";
import { buildCommand } from "@stricli/core";
import { styleFor } from "../colour.ts";
import type { Context } from "../context.ts";
import { type FormatFlags, formatFlags } from "../flags.ts";
import { type FleetFlags, fleetFlags, fleetOptions } from "../fleet-flags.ts";
import { statusText } from "../status-text.ts";

interface Flags extends FormatFlags, FleetFlags {}

/** For everything: thousands of agents may be asked. */
const withinMs = 120_000;

export const statusCommand = buildCommand<Flags, [], Context>({
  docs: {
    brief: "Show what of a cluster's policies is enforced, and where",
    fullDescription: [
      "Asks every node's agent, by the API server's proxy, and compares what they say with what is written: on how many nodes",
      "each policy's newest generation is enforced and how long that took, policies that are deleted and enforced still, agents",
      "that do not answer, pods that are closed, and tables that something else had changed. Needs the rights to list nodes, policies and the agents' pods, to get pods/proxy",
      "and to create serviceaccounts/token for the reader's account.",
      "Exits with 0 where what is written is enforced on all nodes and nothing else is, 1 where not, 2 on bad usage or credentials, 3 where the",
      "cluster cannot be asked.",
      "",
      "Examples:",
      "  podwall status",
      "  podwall status --context prod --format json",
    ].join("\n"),
  },
  parameters: { flags: { ...fleetFlags, ...formatFlags } },
  async func(this: Context, { format, ...flags }) {
    const { isAllEnforced, readFleetStatus, withFleet } = await import("@podwall/agent");
    const result = await withFleet(fleetOptions(flags, this), ({ client, fleet }) =>
      readFleetStatus(client, fleet, AbortSignal.timeout(withinMs)),
    );
    if ("exitCode" in result) {
      this.process.stderr.write(`podwall status: ${result.because}\n`);
      this.exitCode = result.exitCode;
      return;
    }
    const status = result.value;
    const text =
      format === "json"
        ? jsonOutput("ClusterStatus", { ...status })
        : statusText(status, styleFor(this.process.stdout));
    this.process.stdout.write(text);
    this.exitCode = isAllEnforced(status) ? 0 : 1;
  },
});
