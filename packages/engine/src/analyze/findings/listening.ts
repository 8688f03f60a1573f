import type { Service, ServicePort } from "../../model/cluster.ts";
import type { Pod } from "../../model/pod.ts";
import { isPolicyPod } from "../../model/pod.ts";
import type { Labels } from "../../model/selector.ts";
import type { Protocol } from "../../net/protocol.ts";
import type { FindingInput } from "./input.ts";

/** The numbers of a pod's declared ports of a protocol whose names match. */
export function namedPortNumbers(pod: Pod, protocol: Protocol, name: RegExp): readonly number[] {
  return pod.ports.filter((own) => own.protocol === protocol && name.test(own.name ?? "")).map(({ port }) => port);
}

/** The numbers of the pod's ports that a Service's port leads to. */
export function targetPorts(pod: Pod, { protocol, targetPort }: ServicePort): readonly number[] {
  if (typeof targetPort === "number") return [targetPort];
  return pod.ports.filter((own) => own.name === targetPort && own.protocol === protocol).map(({ port }) => port);
}

/** The Services in front of a pod. */
export function servicesOf({ cluster }: FindingInput, pod: Pod): readonly Service[] {
  return servicesByNamespace(cluster.services, pod.namespace).filter(
    ({ selector }) => selector !== undefined && hasLabels(pod.labels, selector),
  );
}

/** The pods behind a Service, hostNetwork pods left out. */
export function podsBehind(input: FindingInput, { namespace, selector }: Service): readonly Pod[] {
  if (selector === undefined) return [];
  return input.podsIn(namespace).filter((pod) => isPolicyPod(pod) && hasLabels(pod.labels, selector));
}

/** What a pod can be taken to listen on: ports that it declares, that a Service leads to, or that are scraped. */
export function listens(input: FindingInput, pod: Pod, protocol: Protocol, first: number, last: number): boolean {
  const isIn = (port: number): boolean => first <= port && port <= last;
  if (pod.ports.some((own) => own.protocol === protocol && isIn(own.port))) return true;
  const behind = servicesOf(input, pod).flatMap(({ ports, scrape }) => [
    ...ports.filter((own) => own.protocol === protocol).flatMap((own) => targetPorts(pod, own)),
    ...(scrape?.port === undefined ? [] : [scrape.port]),
  ]);
  return [...behind, ...(pod.scrape?.port === undefined ? [] : [pod.scrape.port])].some(isIn);
}

function hasLabels(labels: Labels, wanted: Labels): boolean {
  return [...wanted].every(([key, value]) => labels.get(key) === value);
}

const grouped = new WeakMap<readonly Service[], ReadonlyMap<string, readonly Service[]>>();

function servicesByNamespace(services: readonly Service[], namespace: string): readonly Service[] {
  let groups = grouped.get(services);
  if (groups === undefined) {
    const all = new Map<string, Service[]>();
    for (const service of services) all.set(service.namespace, [...(all.get(service.namespace) ?? []), service]);
    groups = all;
    grouped.set(services, groups);
  }
  return groups.get(namespace) ?? [];
}
