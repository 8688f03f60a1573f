import type { CommandContext, StricliProcess } from "@stricli/core";

/** Everything a command may touch of the world it runs in. */
export interface Context extends CommandContext {
  readonly process: StricliProcess & { readonly stdout: Output; readonly stderr: Output };
  /** Where relative paths start. */
  readonly cwd: string;
  /** All of standard input. */
  readonly readStdin: () => Promise<string>;
  /** Whether it was called as `kubectl podwall`, which asks a cluster where no manifests are named. */
  readonly isKubectlPlugin?: boolean;
  /** Resolves when nobody reads standard output any more; absent where that cannot be. */
  readonly readerGone?: Promise<void>;
  /**
   * What the process ends with; commands set it. 0 good; 1 the answer is no; 2 bad usage or input; 3 this machine
   * cannot do it. Only `lab exec` gives others: those of the command it runs.
   */
  exitCode?: number;
}

export interface Output {
  write(text: string): void;
  readonly isTTY?: boolean;
}
