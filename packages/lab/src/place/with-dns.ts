import { type Cluster, type Family, type Namespace, type Pod, type Service, namespaceNameLabel } from "@podwall/engine";
import { dnsServiceNumber, serviceAddresses } from "../network/lab-addresses.ts";

const namespace = "kube-system";
const labels = new Map([["k8s-app", "kube-dns"]]);

const dnsPod: Pod = {
  kind: "Pod",
  namespace,
  name: "coredns-1",
  labels,
  hostNetwork: false,
  completed: false,
  addresses: [],
  ports: [
    { name: "dns", protocol: "UDP", port: 53 },
    { name: "dns-tcp", protocol: "TCP", port: 53 },
  ],
};

const dnsService: Service = {
  kind: "Service",
  namespace,
  name: "kube-dns",
  selector: labels,
  addresses: serviceAddresses(dnsServiceNumber),
  headless: false,
  type: "ClusterIP",
  ports: [
    { name: "dns", protocol: "UDP", port: 53, targetPort: "dns" },
    { name: "dns-tcp", protocol: "TCP", port: 53, targetPort: "dns-tcp" },
  ],
};

/** Gives a cluster without a DNS one, because no real cluster is without, and policies must let it be reached. */
export function withDns(
  cluster: Cluster,
  families: readonly Family[],
): { readonly cluster: Cluster; readonly added: boolean } {
  if (cluster.services.some((service) => service.namespace === namespace && service.name === dnsService.name)) {
    return { cluster, added: false };
  }
  const addresses = dnsService.addresses.filter(({ family }) => families.includes(family));
  const known = cluster.namespaces.get(namespace);
  const system: Namespace = known ?? {
    kind: "Namespace",
    name: namespace,
    labels: new Map([[namespaceNameLabel, namespace]]),
    declared: true,
  };
  return {
    cluster: {
      ...cluster,
      namespaces: new Map([...cluster.namespaces, [namespace, system]]),
      pods: [...cluster.pods, dnsPod],
      services: [...cluster.services, { ...dnsService, addresses }],
    },
    added: true,
  };
}
