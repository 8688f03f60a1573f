import type { FlagParametersForType } from "@stricli/core";
import { type Dialect, dialects } from "@podwall/engine";
import type { Context } from "./context.ts";

export interface InputFlags {
  readonly file?: readonly string[];
}

export interface FormatFlags {
  readonly format: "text" | "json";
}

/** A path from the command line. An empty one is a shell variable that is not set, and would mean the current folder. */
export function parsePath(text: string): string {
  if (text === "") throw new RangeError("a path cannot be empty");
  return text;
}

/** A name from the command line; empty it is a shell variable that is not set. */
function parseName(text: string): string {
  if (text === "") throw new RangeError("a name cannot be empty");
  return text;
}

/** `-f PATH`, as often as needed. */
export const inputFlags: FlagParametersForType<InputFlags, Context> = {
  file: {
    kind: "parsed",
    parse: parsePath,
    variadic: true,
    optional: true,
    brief: "File, folder, Helm chart or kustomization, or - for standard input (repeatable)",
    placeholder: "PATH",
  },
};

/** `-f PATH` of what follows files, and renders none. */
export const followedFlags: FlagParametersForType<InputFlags, Context> = {
  file: { ...inputFlags.file, brief: "File or folder of manifests, or - for standard input (repeatable)" },
};

export const inputAliases = { f: "file" } as const;

/** What to read besides files as they are: a cluster, named as kubectl names it, and how to render a chart. */
export interface SourceFlags {
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly namespace?: string;
  readonly values?: readonly string[];
}

/** `--context NAME` instead of `-f PATH`. */
export const sourceFlags: FlagParametersForType<SourceFlags, Context> = {
  context: {
    kind: "parsed",
    parse: parseName,
    optional: true,
    brief: "Read the cluster of this context of the kubeconfig, instead of manifests",
    placeholder: "NAME",
  },
  kubeconfig: {
    kind: "parsed",
    parse: parsePath,
    optional: true,
    brief: "Read the cluster of this kubeconfig, instead of manifests",
    placeholder: "PATH",
  },
  namespace: {
    kind: "parsed",
    parse: parseName,
    optional: true,
    brief:
      "The namespace of objects and names that say none, and all that is read of a cluster where no more is allowed",
    placeholder: "NAME",
  },
  values: {
    kind: "parsed",
    parse: parsePath,
    variadic: true,
    optional: true,
    brief: "File of values for a Helm chart (repeatable)",
    placeholder: "FILE",
  },
};

export const sourceAliases = { f: "file", n: "namespace" } as const;

export interface WhatIfFlags {
  readonly whatIf?: readonly string[];
}

/** `--what-if FILE`, as often as needed. */
export const whatIfFlags: FlagParametersForType<WhatIfFlags, Context> = {
  whatIf: {
    kind: "parsed",
    parse: parsePath,
    variadic: true,
    optional: true,
    brief: 'File of objects to add, to replace by name, or to remove (annotation podwall.dev/remove: "true")',
    placeholder: "FILE",
  },
};

export interface DialectFlags {
  readonly dialect?: Dialect;
}

/** `--dialect NAME`. */
export const dialectFlags: FlagParametersForType<DialectFlags, Context> = {
  dialect: {
    kind: "enum",
    values: dialects,
    optional: true,
    brief: "Judge as this network plugin does where it is known to differ",
  },
};

export const formatFlags: FlagParametersForType<FormatFlags, Context> = {
  format: { kind: "enum", values: ["text", "json"], default: "text", brief: "How to print the answer" },
};
