import type { Cluster } from "../model/cluster.ts";
import { type Pod, isPolicyPod } from "../model/pod.ts";
import { type Address, type Family, compareAddresses } from "../net/address.ts";
import type { Endpoint } from "./connection.ts";

/** A pod as one end of a connection, with its address of a family; without one where it has none or none is known. */
export function endpointOf(pod: Pod, family?: Family): Endpoint {
  const address = pod.addresses.find((own) => family === undefined || own.family === family);
  return address === undefined ? { kind: "pod", pod } : { kind: "pod", pod, address };
}

/** Whoever has an address: a pod with a network of its own, or just the address. */
export function endpointAt(cluster: Cluster, address: Address): Endpoint {
  const pod = cluster.pods.find(
    (candidate) => isPolicyPod(candidate) && candidate.addresses.some((own) => compareAddresses(own, address) === 0),
  );
  return pod === undefined ? { kind: "address", address } : { kind: "pod", pod, address };
}
