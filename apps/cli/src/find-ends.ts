import { type Cluster, type Endpoint, type Family, type Pod, endpointOf, isSamePod } from "@podwall/engine";
import { type FoundEndpoint, findEndpoint } from "./find-endpoint.ts";

/** Both ends of a connection, or why one cannot be found. */
export type FoundEnds = { readonly source: Endpoint; readonly destination: Endpoint } | { readonly problem: string };

/** Both ends as a person names them. */
export interface WantedEnds {
  readonly from: string;
  readonly to: string;
  /** Where names without a namespace are looked for first. */
  readonly namespace?: string | undefined;
}

/**
 * Finds both ends. Where both are one pod, and one names its workload, that is another pod of the workload: what pods of
 * one template may exchange is asked, and a pod always reaches itself. A pod that is named uses its address of a family that the other end has, because a connection is of one. */
export function findEnds(cluster: Cluster, { from, to, namespace }: WantedEnds): FoundEnds {
  const first = findEndpoint(cluster, from, namespace);
  if ("problem" in first) return first;
  const second = findEndpoint(cluster, to, namespace);
  if ("problem" in second) return second;
  const [source, destination] = apart(cluster, { from, first }, { to, second });
  const [of, against] = [familiesOf(source), familiesOf(destination)];
  const family = of.find((own) => against.includes(own));
  if (family === undefined && of.length > 0 && against.length > 0) {
    return { problem: `${from} and ${to} have no address family in common: one is IPv4, the other IPv6` };
  }
  return { source: inFamily(source, family), destination: inFamily(destination, family) };
}

type Found = Exclude<FoundEndpoint, { readonly problem: string }>;

function familiesOf({ endpoint, given }: Found): Family[] {
  if (endpoint.kind === "pod" && given === "name") return endpoint.pod.addresses.map(({ family }) => family);
  return endpoint.address === undefined ? [] : [endpoint.address.family];
}

function inFamily({ endpoint, given }: Found, family: Family | undefined): Endpoint {
  return endpoint.kind === "pod" && given === "name" && family !== undefined
    ? endpointOf(endpoint.pod, family)
    : endpoint;
}

function apart(
  cluster: Cluster,
  { from, first }: { readonly from: string; readonly first: Found },
  { to, second }: { readonly to: string; readonly second: Found },
): readonly [Found, Found] {
  if (first.endpoint.kind !== "pod" || second.endpoint.kind !== "pod") return [first, second];
  const { pod } = first.endpoint;
  if (!isSamePod(pod, second.endpoint.pod)) return [first, second];
  const other = siblingOf(cluster, pod);
  if (other === undefined) return [first, second];
  if (isWorkloadName(first, from, pod)) return [other, second];
  return isWorkloadName(second, to, pod) ? [first, other] : [first, second];
}

function isWorkloadName({ given }: Found, text: string, pod: Pod): boolean {
  return given === "name" && text.split("/").at(-1) !== pod.name;
}

/** Another pod of a pod's workload; made up where one stands for all, but for those of a StatefulSet, which differ. */
function siblingOf({ pods }: Cluster, pod: Pod): Found | undefined {
  const { workload, namespace } = pod;
  if (workload === undefined) return undefined;
  const others = pods.filter(
    (one) => one.namespace === namespace && one.workload?.kind === workload.kind && one.workload.name === workload.name,
  );
  const other = others.find((one) => !isSamePod(one, pod));
  if (other !== undefined) return { endpoint: endpointOf(other), given: "name" };
  if (workload.kind === "StatefulSet") return undefined;
  const { node: _, ...rest } = pod;
  return { endpoint: { kind: "pod", pod: { ...rest, name: `${workload.name}-2`, addresses: [] } }, given: "name" };
}
