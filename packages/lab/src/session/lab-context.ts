import type { Cluster, Diagnostic, Verdict } from "@podwall/engine";
import type { Style } from "../output/style.ts";

export interface Output {
  write(text: string): void;
  readonly isTTY?: boolean;
}

/** What the lab needs of the program that it is a command of. */
export interface LabContext {
  readonly process: { readonly stdout: Output; readonly stderr: Output };
  /** Where relative paths start. */
  readonly cwd: string;
  /** All of standard input. */
  readonly readStdin: () => Promise<string>;
  /** Resolves when nobody reads standard output any more; absent where that cannot be. */
  readonly readerGone?: Promise<void>;
  /** Text from manifests, made harmless for a terminal. */
  readonly printable: (text: string) => string;
  readonly styleFor: (output: Output) => Style;
  readonly diagnosticText: (diagnostic: Diagnostic, output: Output) => string;
  /** Why a verdict is what it is. */
  readonly verdictText: (cluster: Cluster, verdict: Verdict, output: Output) => string;
  /** The file of the bundled pod program; `pod.mjs` beside this program when left out. */
  readonly podProgram?: string;
}

export interface RunLabOptions {
  /** Files and folders of manifests; `-` is standard input. */
  readonly paths: readonly string[];
  /** Probe once and end, instead of following edits. */
  readonly once: boolean;
  readonly format: "text" | "json";
  /** The most pods of one workload. */
  readonly replicas: number;
  /** How many nodes there are where the manifests have none. */
  readonly nodes: number;
  readonly ipFamily: "4" | "6" | "dual";
  /** What a denied connection gets. */
  readonly deny: "drop" | "reject";
}
