import type { DoctorReport } from "@podwall/report";
import { type KubeClient, KubeError } from "@podwall/kube";
import { requestsLanded } from "../probing/requests-landed.ts";
import { DoctorNamespace, doctorNamespaces, removeNamespace } from "./doctor-namespace.ts";
import { type ExamineOptions, examine } from "./examine.ts";
import { CannotExamine } from "./started.ts";

export interface ExamineClusterOptions extends Omit<ExamineOptions, "namespace"> {
  readonly signal: AbortSignal;
}

export type DoctorAnswer = { readonly report: DoctorReport } | { readonly exitCode: 3 | 130; readonly because: string };

/** Pods go at once; a namespace is looked at again by its controller after some seconds. */
const removalMs = 90_000;

/** Examines a cluster in a namespace that is gone afterwards, however it ends. */
export async function examineCluster({ signal, ...options }: ExamineClusterOptions): Promise<DoctorAnswer> {
  const { client, say } = options;
  const namespace = DoctorNamespace.plan(client, signal);
  say(`making the namespace ${namespace.name}`);
  // Where the answer got lost it may be there.
  let mayBeThere = true;
  try {
    await namespace.create().catch((error: unknown) => {
      if (error instanceof KubeError && error.kind === "status") mayBeThere = false;
      throw error;
    });
    return { report: await examine({ ...options, namespace }) };
  } catch (error) {
    if (signal.aborted) return { exitCode: 130, because: "interrupted" };
    if (error instanceof CannotExamine) return { exitCode: 3, because: error.message };
    if (error instanceof KubeError) return { exitCode: 3, because: error.message };
    throw error;
  } finally {
    if (mayBeThere) {
      await requestsLanded(signal);
      say(`removing the namespace ${namespace.name}`);
      await tidy(client, namespace.name, say);
    }
  }
}

/** Removes what earlier doctors left, as they were killed; gives whether all is gone. Rejects with a `KubeError`. */
export async function tidyUp(client: KubeClient, say: (text: string) => void): Promise<boolean> {
  const names = await doctorNamespaces(client);
  say(names.length === 0 ? "there is nothing to remove" : `removing ${names.join(", ")}`);
  const gone = await Promise.all(names.map((name) => tidy(client, name, say)));
  return gone.every((isGone) => isGone);
}

async function tidy(client: KubeClient, name: string, say: (text: string) => void): Promise<boolean> {
  const mend = "remove it with: podwall doctor --cleanup";
  try {
    if (await removeNamespace(client, name, removalMs)) return true;
    say(`the namespace ${name} is still there; ${mend}`);
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    say(`the namespace ${name} could not be removed: ${error.message}; ${mend}`);
  }
  return false;
}
