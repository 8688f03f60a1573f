import type { FlagParametersForType } from "@stricli/core";
import type { Context } from "./context.ts";
import { type ClusterFlags, clusterFlags } from "./cluster-flags.ts";

export interface FleetFlags extends ClusterFlags {
  readonly agentsNamespace: string;
  readonly agentsSelector: string;
  readonly agentsPort: number;
  readonly reader: string;
  readonly agentsInsecure: boolean;
}

/** How a cluster and its agents are reached. */
export const fleetFlags: FlagParametersForType<FleetFlags, Context> = {
  ...clusterFlags,
  agentsNamespace: {
    kind: "parsed",
    parse: String,
    default: "podwall-system",
    brief: "Where the agents' pods are",
    placeholder: "NAME",
  },
  agentsSelector: {
    kind: "parsed",
    parse: String,
    default: "app.kubernetes.io/name=podwall",
    brief: "The agents' pods, by their labels",
    placeholder: "LABELS",
  },
  agentsPort: {
    kind: "parsed",
    parse: parsePort,
    default: "9464",
    brief: "The port of the agents' endpoints",
    placeholder: "PORT",
  },
  reader: {
    kind: "parsed",
    parse: String,
    default: "podwall-viewer",
    brief: "The service account there that may read the agents",
    placeholder: "NAME",
  },
  agentsInsecure: {
    kind: "boolean",
    default: false,
    withNegated: false,
    brief: "The agents ask nobody (--insecure-listen): read them by plain HTTP and show no token",
  },
};

/** How agents are spoken to. */
export function securityOf({ agentsInsecure }: Pick<FleetFlags, "agentsInsecure">): "guarded" | "insecure" {
  return agentsInsecure ? "insecure" : "guarded";
}

/** What `withFleet` takes of the flags. */
export function fleetOptions(flags: FleetFlags, { process: { env = {} } }: Context) {
  const { kubeconfig, context, agentsNamespace, agentsSelector, agentsPort, reader } = flags;
  return {
    env,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    namespace: agentsNamespace,
    selector: agentsSelector,
    port: agentsPort,
    serviceAccount: reader,
    agents: securityOf(flags),
  };
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new RangeError(`"${text}" is no port`);
  return port;
}
