import { type Cluster, type Endpoint, type Family, endpointOf } from "@podwall/engine";
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

/** Finds both ends. A pod that is named uses its address of a family that the other end has, because a connection is of one. */
export function findEnds(cluster: Cluster, { from, to, namespace }: WantedEnds): FoundEnds {
  const source = findEndpoint(cluster, from, namespace);
  if ("problem" in source) return source;
  const destination = findEndpoint(cluster, to, namespace);
  if ("problem" in destination) return destination;
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
