import type { KubeClient } from "@podwall/kube";
import { printable } from "@podwall/report";
import type { Context } from "../context.ts";
import { stopSignal } from "../stop-signal.ts";
import type { ProbingFlags } from "./probing-flags.ts";

export interface OpenCluster {
  readonly client: KubeClient;
  /** Aborted at Ctrl-C; the process ends when the command has tidied up. */
  readonly signal: AbortSignal;
  /** Says something on standard error. */
  readonly say: (text: string) => void;
}

/** Does something with a cluster and ends with what that gives, with 2 for credentials that are no good, or with 3. */
export async function withCluster(
  context: Context,
  command: string,
  { kubeconfig, context: name }: Pick<ProbingFlags, "context" | "kubeconfig">,
  use: (cluster: OpenCluster) => Promise<number>,
): Promise<void> {
  const { AccessError, KubeClient, KubeError, findAccess } = await import("@podwall/kube");
  const { env = {}, stderr } = context.process;
  const say = (text: string): void => stderr.write(`podwall ${command}: ${printable(text)}\n`);
  const { signal, forget } = stopSignal();
  let client: KubeClient | undefined;
  try {
    const access = await findAccess({ env, kubeconfig, context: name });
    client = new KubeClient({ access, userAgent: "podwall" });
    context.exitCode = await use({ client, signal, say });
  } catch (error) {
    if (!(error instanceof AccessError || error instanceof KubeError)) throw error;
    say(error.message);
    context.exitCode = error instanceof AccessError || error.kind === "access" ? 2 : 3;
  } finally {
    client?.close();
    forget();
  }
}
