import { type KubeClient, type Resource, resources } from "../../../packages/kube/src/index.ts";
import { forAll } from "../../system/support/kube-objects.ts";
import type { GeneratedCluster } from "../generate/generated-cluster.ts";
import { clusterObjects } from "../generate/manifests.ts";

/** An object as the API takes it. */
export interface ApiManifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly spec?: object;
  readonly status?: object;
}

const resourceOf: Readonly<Record<string, Resource>> = {
  Node: resources.nodes,
  Namespace: resources.namespaces,
  Pod: resources.pods,
  NetworkPolicy: resources.networkPolicies,
};

/** So many requests are under way at once. */
const parallel = 16;

/** Writes a cluster into an API server, and gives its objects. */
export async function fillApi(
  admin: KubeClient,
  cluster: GeneratedCluster,
  say: (line: string) => void,
): Promise<ApiManifest[]> {
  // The generator writes what the API takes; `YamlMap` only does not say so.
  const objects = clusterObjects(cluster) as unknown as ApiManifest[];
  const isFirst = ({ kind }: ApiManifest): boolean => kind === "Node" || kind === "Namespace";
  let done = 0;
  for (const wave of [objects.filter(isFirst), objects.filter((object) => !isFirst(object))]) {
    await forAll(
      wave.length,
      async (index) => {
        await putObject(admin, wave[index] as ApiManifest);
        if (++done % 10_000 === 0) say(`${done} of ${objects.length} objects are in the API server`);
      },
      parallel,
    );
  }
  return objects;
}

/** Some namespaces are there already, without the labels. */
const applied = { fieldManager: "bench", force: true };

/** Creates an object; its status, which the API takes from a kubelet, by a second request. */
export async function putObject(admin: KubeClient, object: ApiManifest): Promise<void> {
  const resource = resourceOf[object.kind];
  if (resource === undefined) throw new Error(`a ${object.kind} has no place in this bench`);
  const { name, namespace } = object.metadata;
  const at = namespace === undefined ? {} : { namespace };
  if (object.kind === "Namespace") await admin.patch(resource, object, { ...at, name, type: "apply", query: applied });
  else await admin.create(resource, object, at);
  if (object.status !== undefined)
    await admin.patch(resource, { status: object.status }, { ...at, name, subresource: "status" });
}
