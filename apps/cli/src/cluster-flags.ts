import type { FlagParametersForType } from "@stricli/core";
import type { Context } from "./context.ts";
import { type SourceFlags, parsePath } from "./flags.ts";

export type ClusterFlags = Pick<SourceFlags, "kubeconfig" | "context">;

/** Which cluster, of commands that have to have one. */
export const clusterFlags: FlagParametersForType<ClusterFlags, Context> = {
  kubeconfig: { kind: "parsed", parse: parsePath, optional: true, brief: "The kubeconfig", placeholder: "PATH" },
  context: {
    kind: "parsed",
    parse: String,
    optional: true,
    brief: "The kubeconfig's context; its current one by default",
    placeholder: "NAME",
  },
};
