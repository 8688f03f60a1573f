import type { FlagParametersForType } from "@stricli/core";
import type { Context } from "../context.ts";
import { type ClusterFlags, clusterFlags } from "../cluster-flags.ts";
import { parseDuration } from "../parse-duration.ts";

/** What commands take that start pods in a cluster. Times are milliseconds. */
export interface ProbingFlags extends ClusterFlags {
  readonly image: string;
  readonly enforceTimeout: number;
  readonly startTimeout: number;
  readonly cleanup: boolean;
}

export const probingFlags: FlagParametersForType<ProbingFlags, Context> = {
  ...clusterFlags,
  image: {
    kind: "parsed",
    parse: String,
    default: "registry.k8s.io/e2e-test-images/agnhost:2.59",
    brief: "The pods' image: agnhost, or one with /agnhost, /bin/bash, sleep and ping",
    placeholder: "IMAGE",
  },
  enforceTimeout: {
    kind: "parsed",
    parse: parseDuration,
    default: "30s",
    brief: "How long policies may take to be in force",
    placeholder: "TIME",
  },
  startTimeout: {
    kind: "parsed",
    parse: parseDuration,
    default: "3m",
    brief: "How long pods may take to start",
    placeholder: "TIME",
  },
  cleanup: { kind: "boolean", default: false, brief: "Only remove what killed runs have left", withNegated: false },
};
