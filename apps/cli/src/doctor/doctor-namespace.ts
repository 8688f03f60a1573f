import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type KubeClient, KubeError, resources } from "@podwall/kube";
import { type PodState, podState } from "../probing/pod-state.ts";
import type { Round } from "../probing/read-rounds.ts";
import { roundsOfPod } from "../probing/rounds-of-pod.ts";
import { madeBy, roleLabel } from "./labels.ts";

const serviceAccountTries = 30;
const selector = Object.entries(madeBy)
  .map(([key, value]) => `${key}=${value}`)
  .join(",");

/** A namespace that is made to be removed again. All rejects with a `KubeError`, also when the signal is aborted. */
export class DoctorNamespace {
  readonly name: string;
  readonly #client: KubeClient;
  readonly #signal: AbortSignal;

  private constructor(client: KubeClient, signal: AbortSignal) {
    this.name = `podwall-doctor-${randomBytes(4).toString("hex")}`;
    this.#client = client;
    this.#signal = signal;
  }

  /** Not made yet: whoever has it can remove it, however far making it came. */
  static plan(client: KubeClient, signal: AbortSignal): DoctorNamespace {
    return new DoctorNamespace(client, signal);
  }

  async create(): Promise<void> {
    const labels = { ...madeBy, "pod-security.kubernetes.io/enforce": "restricted" };
    const object = { apiVersion: "v1", kind: "Namespace", metadata: { name: this.name, labels } };
    await this.#client.create(resources.namespaces, object, { signal: this.#signal });
  }

  async createPod(pod: object): Promise<void> {
    const at = { namespace: this.name, signal: this.#signal };
    for (let tries = 1; ; tries++) {
      try {
        await this.#client.create(resources.pods, pod, at);
        return;
      } catch (error) {
        // The namespace's service account is made a moment after the namespace.
        const isEarly = error instanceof KubeError && error.message.includes("serviceaccount");
        if (!isEarly || tries === serviceAccountTries) throw error;
        await this.pause(500);
      }
    }
  }

  async createPolicy(policy: object): Promise<void> {
    await this.#client.create(resources.networkPolicies, policy, { namespace: this.name, signal: this.#signal });
  }

  async deletePolicy(name: string): Promise<void> {
    await this.#client.delete(resources.networkPolicies, { namespace: this.name, name, signal: this.#signal });
  }

  async pods(): Promise<readonly PodState[]> {
    const answer = await this.#client.call({ path: `/api/v1/namespaces/${this.name}/pods`, signal: this.#signal });
    const { items } = answer as { readonly items?: unknown };
    return Array.isArray(items) ? items.map((item) => podState(item, roleLabel)) : [];
  }

  rounds(pod: string): Promise<readonly Round[]> {
    return roundsOfPod(this.#client, { namespace: this.name, name: pod }, this.#signal);
  }

  async pause(timeMs: number): Promise<void> {
    try {
      await sleep(timeMs, undefined, { signal: this.#signal });
    } catch (cause) {
      throw new KubeError("stopped", "it was stopped", { cause });
    }
  }
}

/** The namespaces that doctors have made and not removed. */
export async function doctorNamespaces(client: KubeClient): Promise<readonly string[]> {
  const answer = await client.call({ path: "/api/v1/namespaces", query: { labelSelector: selector } });
  const { items } = answer as { readonly items?: readonly { readonly metadata?: { readonly name?: unknown } }[] };
  const names = Array.isArray(items) ? items.map((item) => item?.metadata?.name) : [];
  return names.filter((name): name is string => typeof name === "string");
}

/** Removes a namespace with all that is in it; gives whether it was gone in time. One that is not there is gone. */
export async function removeNamespace(client: KubeClient, name: string, withinMs: number): Promise<boolean> {
  const signal = AbortSignal.timeout(withinMs);
  const at = { name, signal };
  try {
    await client.delete(resources.namespaces, at);
    for (;;) {
      await client.get(resources.namespaces, at);
      await sleep(1_000, undefined, { signal });
    }
  } catch (error) {
    if (error instanceof KubeError && error.status?.code === 404) return true;
    if (signal.aborted) return false;
    throw error;
  }
}
