import { KubeError } from "@podwall/kube";
import type { NodeAnswer } from "./fleet.ts";

/** Something to wait for. */
export interface Check {
  /** What is said when it is so; nothing where that goes without saying. */
  readonly done?: string;
  /** What is missing, in words; empty where nothing is. Rejects with a `KubeError` where the API server cannot be asked. */
  missing(ask: Ask, signal: AbortSignal): Promise<readonly string[]>;
}

/** Asks one node's agent, or all. */
export type Ask = (node?: string) => Promise<readonly NodeAnswer[]>;

/** As people write it: `NetworkPolicy shop/web`. */
export function nameOf({ kind, namespace, name }: { kind: string; namespace?: string; name: string }): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

export async function orMissing<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof KubeError && error.status?.code === 404) return undefined;
    throw error;
  }
}
