import { type Address, type Cluster, type Pod, type Protocol, type Service, type ServicePort } from "@podwall/engine";

/** Where a Service can be reached, and who answers there. */
export interface Frontend {
  readonly address: Address;
  readonly protocol: Protocol;
  readonly port: number;
  readonly backends: readonly Backend[];
}

export interface Backend {
  readonly address: Address;
  readonly port: number;
}

/** Every address and port of every Service that has addresses. */
export function frontendsOf(cluster: Cluster): readonly Frontend[] {
  return cluster.services.flatMap((service) => {
    const pods = podsOfService(cluster, service);
    return service.addresses.flatMap((address) =>
      service.ports.map((port) => ({
        address,
        protocol: port.protocol,
        port: port.port,
        backends: pods.flatMap((pod) => backendsIn(pod, port, address)),
      })),
    );
  });
}

/** The pods a Service stands for. A Service without a selector has none: its endpoints are not in the manifests. */
export function podsOfService(cluster: Cluster, service: Service): readonly Pod[] {
  const { selector } = service;
  if (selector === undefined || selector.size === 0) return [];
  return cluster.pods.filter(
    (pod) =>
      pod.namespace === service.namespace &&
      !pod.completed &&
      [...selector].every(([key, value]) => pod.labels.get(key) === value),
  );
}

function backendsIn(pod: Pod, port: ServicePort, frontend: Address): Backend[] {
  const number = targetPortIn(pod, port);
  const address = pod.addresses.find(({ family }) => family === frontend.family);
  return number === undefined || address === undefined ? [] : [{ address, port: number }];
}

/** A name means another number in each pod; a pod without it is no backend. */
function targetPortIn(pod: Pod, { targetPort, protocol }: ServicePort): number | undefined {
  if (typeof targetPort === "number") return targetPort;
  return pod.ports.find((port) => port.name === targetPort && port.protocol === protocol)?.port;
}
