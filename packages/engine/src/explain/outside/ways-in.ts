import { formatIntervals } from "../../analyze/address-intervals.ts";
import { endpointOf } from "../../evaluate/endpoint-of.ts";
import type { Cluster, Service, ServicePort } from "../../model/cluster.ts";
import type { Pod } from "../../model/pod.ts";
import type { Gateway, ParentReference, Route } from "../../model/route.ts";
import { allows, portsOf } from "../../net/connection-set.ts";
import { EndAnswers, type Seen } from "../reach/end-answers.ts";
import { ownerKey } from "../reach/reach-of.ts";
import { distinctFacts } from "../reach/reached.ts";
import { reachedAddresses } from "../reach/reached-addresses.ts";
import { type Acceptance, acceptedByGateway, acceptedByGrants } from "./accepted-routes.ts";
import { backendsOf, targetPortOf } from "./backends.ts";
import { gatewayPods } from "./gateway-pods.ts";
import type { WayAnswer, WayIn, WayStep } from "./way-in.ts";

/** The ways from outside to a Service: its own where it is open to the outside, and those of routes. */
export function waysIn(seen: Seen, service: Service, via: readonly Pod[] = []): readonly WayIn[] {
  const { cluster, others = [] } = seen;
  const judge = new Judge(seen);
  const own = isOpen(service)
    ? service.ports.map((port): WayIn => {
        const steps = judge.fromWorld(service, port);
        return { port, steps, answer: answerOf(steps), ...missingOf(steps) };
      })
    : [];
  const gateways = others.filter((other) => other.role === "gateway");
  const grants = others.filter((other) => other.role === "grant");
  const routed = others
    .filter((other) => other.role === "route")
    .flatMap((route) => routesTo(service, route).map((port) => ({ route, port })))
    .flatMap(({ route, port }) =>
      gatewaysOf(route, gateways).map(({ gateway, parent }) => {
        const way = judge.throughGateway(service, port, route, gateway, via);
        const acceptances = [
          acceptedByGrants(grants, route, service),
          ...(gateway === undefined ? [] : [acceptedByGateway(cluster, route, gateway, parent)]),
        ];
        return acceptances.reduce(asAccepted, way);
      }),
    );
  return [...own, ...routed];
}

/** The ports of a Service that a route leads to. */
function routesTo(service: Service, { backends }: Route): readonly ServicePort[] {
  return service.ports.filter((port) =>
    backends.some(
      (backend) =>
        backend.namespace === service.namespace &&
        backend.name === service.name &&
        (backend.port === undefined || backend.port === port.port || backend.port === port.name),
    ),
  );
}

/** A way of a route that its Gateway may not take, or that may not lead to the Service. */
function asAccepted(way: WayIn, { isAccepted, why }: Acceptance): WayIn {
  if (isAccepted === true || way.refused !== undefined || why === undefined) return way;
  const { missing, ...rest } = way;
  if (isAccepted === false) return { ...rest, answer: "denied", refused: why };
  if (way.answer === "denied") return way;
  return { ...rest, answer: "unknown", missing: missing === undefined ? why : `${missing}; ${why}` };
}

interface AskedGateway {
  readonly gateway: Gateway | undefined;
  readonly parent: Pick<ParentReference, "sectionName" | "port">;
}

/** A route of several Gateways is several ways; an Ingress has none. */
function gatewaysOf(route: Route, gateways: readonly Gateway[]): readonly AskedGateway[] {
  if (route.gateways.length === 0) return [{ gateway: undefined, parent: {} }];
  return route.gateways.map((parent) => {
    const { namespace, name } = parent;
    const known = gateways.find((one) => one.namespace === namespace && one.name === name);
    const named: Gateway = { role: "gateway", apiVersion: route.apiVersion, kind: "Gateway", namespace, name };
    return { gateway: known ?? named, parent };
  });
}

function isOpen({ type }: Service): boolean {
  return type === "LoadBalancer" || type === "NodePort";
}

class Judge {
  readonly #cluster: Cluster;
  readonly #answers: EndAnswers;

  constructor(seen: Seen) {
    this.#cluster = seen.cluster;
    this.#answers = new EndAnswers(seen);
  }

  throughGateway(
    service: Service,
    port: ServicePort,
    route: Route,
    gateway: Gateway | undefined,
    via: readonly Pod[],
  ): WayIn {
    const way = { port, route, ...(gateway === undefined ? {} : { gateway }) };
    const pods = via.length > 0 ? via : gatewayPods(this.#cluster, route, gateway);
    if (pods.length === 0) {
      const whose = gateway === undefined ? "the Ingress controller" : `Gateway ${gateway.namespace}/${gateway.name}`;
      return { ...way, steps: [], answer: "unknown", missing: `no pod of ${whose} is known; name one with --via` };
    }
    const doors = this.#doorsOf(pods);
    const entering = doors.flatMap(({ service: door, port: doorPort }) => this.fromWorld(door, doorPort));
    const steps = [...entering, ...this.#amongPods(pods, service, port)];
    if (doors.length === 0) {
      const missing = `no Service of type LoadBalancer or NodePort leads to ${ownerKey(pods[0] as Pod)}`;
      return { ...way, steps, answer: answerOf(steps) === "denied" ? "denied" : "unknown", missing };
    }
    const answer = worst([best(answersOf(entering)), answerOf(steps.slice(entering.length))]);
    return { ...way, steps, answer, ...(answer === "unknown" ? missingOf(steps) : {}) };
  }

  /** Services that are open to the outside and lead to one of these pods. */
  #doorsOf(pods: readonly Pod[]): readonly { readonly service: Service; readonly port: ServicePort }[] {
    return this.#cluster.services
      .filter((service) => isOpen(service) && backendsOf(this.#cluster, service).some((pod) => pods.includes(pod)))
      .flatMap((service) => service.ports.map((port) => ({ service, port })));
  }

  /** From outside to each sort of pods that a Service has. */
  fromWorld(service: Service, port: ServicePort): readonly WayStep[] {
    return groups(backendsOf(this.#cluster, service)).map(({ name, pods }) => {
      const steps = pods.flatMap((pod) => this.#intoPod(service, port, name, pod) ?? []);
      return together(steps) ?? noSuchPort("world", name, port, service);
    });
  }

  #intoPod(service: Service, port: ServicePort, name: string, pod: Pod): WayStep | undefined {
    const target = targetPortOf(pod, port);
    if (target === undefined) return undefined;
    const { protocol } = port;
    const step = { from: "world", to: name, protocol, port: target, service };
    const only = portsOf(protocol, [{ first: target, last: target }]);
    // The own node is always let in.
    const settled = ["unknown-pod", "domain-name", "placement"] as const;
    const found = reachedAddresses(this.#answers, { pod, as: "destination", only, settled });
    const facts = found.flatMap(({ unknown }) => unknown?.missing ?? []);
    // Where it is everybody or nobody is said by what is not known.
    if (facts.length > 0) return { ...step, answer: "unknown", facts: distinctFacts(facts) };
    const intervals = found.flatMap((one) => one.intervals);
    const who = formatIntervals(intervals);
    const isEverybody = who === "every address" || who === "0.0.0.0/0" || who === "::/0";
    if (service.keepsSource === true) {
      if (isEverybody) return { ...step, answer: "allowed", note: "the source address is kept" };
      return intervals.length === 0
        ? { ...step, answer: "denied", note: "the source address is kept, and no address outside is let in" }
        : { ...step, answer: "partly", note: `the source address is kept: from ${who}` };
    }
    // With externalTrafficPolicy Cluster the source becomes the address of the node where it came in.
    if (isEverybody) return { ...step, answer: "allowed", note: "the source address becomes a node's" };
    const addresses = [...this.#cluster.nodes.values()].flatMap((node) => node.addresses);
    if (addresses.length === 0) {
      const note = "the source address becomes a node's, and no Node is in the input";
      return { ...step, answer: "unknown", note };
    }
    const letIn = addresses.filter((address) => {
      const { certain } = this.#answers.between({ kind: "address", address }, endpointOf(pod, address.family), settled);
      return allows(certain, protocol, target);
    });
    if (letIn.length === addresses.length) {
      return { ...step, answer: "allowed", note: "the source address becomes a node's, and every node is let in" };
    }
    const note = "the source address becomes a node's, and not every node is let in: its own node always is";
    return { ...step, answer: "partly", note };
  }

  /** From the pods of a gateway to each sort of pods of a Service. */
  #amongPods(sources: readonly Pod[], service: Service, port: ServicePort): readonly WayStep[] {
    const backends = groups(backendsOf(this.#cluster, service));
    if (backends.length === 0) return [noSuchPort(ownerKey(sources[0] as Pod), `Service ${service.name}`, port)];
    return groups(sources).flatMap((from) =>
      backends.map((to) => {
        const steps = from.pods.flatMap((source) =>
          to.pods.flatMap((pod): readonly WayStep[] => {
            const target = targetPortOf(pod, port);
            if (target === undefined) return [];
            const own = endpointOf(source);
            const found = this.#answers.between(own, endpointOf(pod, own.address?.family));
            const step = { from: from.name, to: to.name, protocol: port.protocol, port: target };
            if (allows(found.uncertain, port.protocol, target)) {
              return [{ ...step, answer: "unknown", facts: found.missing }];
            }
            return [{ ...step, answer: allows(found.certain, port.protocol, target) ? "allowed" : "denied" }];
          }),
        );
        return together(steps) ?? noSuchPort(from.name, to.name, port);
      }),
    );
  }
}

/** Pods by workload. */
function groups(pods: readonly Pod[]): readonly { readonly name: string; readonly pods: readonly Pod[] }[] {
  const found = new Map<string, Pod[]>();
  for (const pod of pods) found.set(ownerKey(pod), [...(found.get(ownerKey(pod)) ?? []), pod]);
  return [...found].map(([name, own]) => ({ name, pods: own }));
}

function noSuchPort(from: string, to: string, { protocol, port, targetPort }: ServicePort, service?: Service): WayStep {
  const note = `no pod declares the port "${targetPort}" that the Service's ${port} leads to`;
  return { from, to, protocol, port, answer: "denied", note, ...(service === undefined ? {} : { service }) };
}

/** Steps between the same ends as one: partly, where they differ. */
function together(steps: readonly WayStep[]): WayStep | undefined {
  const [first] = steps;
  if (first === undefined) return undefined;
  const { facts: _, ...step } = first;
  const answer = answerOf(steps);
  const facts = answer === "unknown" ? distinctFacts(steps.flatMap((one) => one.facts ?? [])) : [];
  return { ...step, answer, ...(facts.length === 0 ? {} : { facts }) };
}

const order: readonly WayAnswer[] = ["allowed", "partly", "unknown", "denied"];

function answersOf(steps: readonly WayStep[]): readonly WayAnswer[] {
  return steps.map(({ answer }) => answer);
}

/** To one of several pods is enough to get there, and not all. */
function answerOf(steps: readonly WayStep[]): WayAnswer {
  const answers = new Set(answersOf(steps));
  if (answers.size === 0) return "denied";
  const [only] = answers;
  if (answers.size === 1 && only !== undefined) return only;
  return answers.has("allowed") || answers.has("partly") ? "partly" : "unknown";
}

function worst(answers: readonly WayAnswer[]): WayAnswer {
  return order.findLast((one) => answers.includes(one)) ?? "denied";
}

function best(answers: readonly WayAnswer[]): WayAnswer {
  return order.find((one) => answers.includes(one)) ?? "denied";
}

function missingOf(steps: readonly WayStep[]): { readonly missing?: string } {
  const note = steps.find(({ answer }) => answer === "unknown")?.note;
  return note === undefined ? {} : { missing: note };
}
