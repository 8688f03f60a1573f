import { type KubeClient, resources } from "../../../packages/kube/src/index.ts";
import { Random } from "../generate/random.ts";
import { type ApiManifest, putObject } from "./api-objects.ts";

export interface ChurnOptions {
  readonly admin: KubeClient;
  readonly objects: readonly ApiManifest[];
  readonly perSecond: number;
  readonly seconds: number;
  /** How often this cluster was changed before: what is written is another each time, as what is there already is no event. */
  readonly before: number;
}

/** What was changed, by what it was. */
export interface Churned {
  readonly podsReplaced: number;
  readonly podsRelabelled: number;
  readonly policiesChanged: number;
  readonly namespacesRelabelled: number;
  /** Writes that the API server took: each is an event for every agent. */
  readonly writes: number;
  readonly seconds: number;
}

/**
 * Changes a cluster at a steady rate, as rollouts and people do: of a hundred changes, eighty replace a pod (four writes: it is
 * marked as deleted, and gone; a new one is under its address, and has its status), fourteen relabel one, five change a policy's
 * ports and one relabels a namespace. Of the same seed the same objects change.
 */
export async function churn({ admin, objects, perSecond, seconds, before }: ChurnOptions): Promise<Churned> {
  const random = new Random("churn");
  const pods = objects.filter(({ kind }) => kind === "Pod");
  const policies = objects.filter(({ kind }) => kind === "NetworkPolicy");
  const namespaces = objects.filter(({ kind }) => kind === "Namespace");
  const counts = { podsReplaced: 0, podsRelabelled: 0, policiesChanged: 0, namespacesRelabelled: 0, writes: 0 };
  const busy = new Set<string>();
  const change = async (): Promise<void> => {
    const dice = random.below(100);
    if (dice < 94) {
      const index = random.below(pods.length);
      const pod = pods[index] as ApiManifest;
      const { name, namespace = "" } = pod.metadata;
      if (busy.has(name)) return;
      busy.add(name);
      if (dice < 80) {
        await admin.delete(resources.pods, { namespace, name, query: { gracePeriodSeconds: 0 } });
        await putObject(admin, pod);
        counts.podsReplaced++;
        counts.writes += 4;
      } else {
        const metadata = { labels: { generation: `g${before}-${counts.podsRelabelled++ % 3}` } };
        await admin.patch(resources.pods, { metadata }, { namespace, name });
        counts.writes++;
      }
      busy.delete(name);
    } else if (dice < 99) {
      const { name, namespace = "" } = random.pick(policies).metadata;
      const ingress = [
        { ports: [{ port: 1_000 + 1_000 * (before % 60) + (counts.policiesChanged++ % 1_000), protocol: "TCP" }] },
      ];
      await admin.patch(resources.networkPolicies, { spec: { ingress } }, { namespace, name });
      counts.writes++;
    } else {
      const { name } = random.pick(namespaces).metadata;
      const metadata = { labels: { stage: `s${before}-${counts.namespacesRelabelled++ % 3}` } };
      await admin.patch(resources.namespaces, { metadata }, { name });
      counts.writes++;
    }
  };
  const began = performance.now();
  const changes: Promise<void>[] = [];
  for (let index = 0; index < perSecond * seconds; index++) {
    const waitMs = began + (index * 1000) / perSecond - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    changes.push(change());
  }
  await Promise.all(changes);
  return { ...counts, seconds: (performance.now() - began) / 1000 };
}
