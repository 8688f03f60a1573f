import { type Service, type WayAnswer, type WayIn, type WayStep, formatRange } from "@podwall/engine";
import { jsonPlace } from "../json.ts";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";
import { jsonMissingFacts } from "./missing-facts-json.ts";
import { missingFactText } from "./missing-facts-text.ts";

/** By which ways a Service is reached from outside, and each step of them. */
export function waysInText(service: Service, ways: readonly WayIn[], style: Style): string {
  const name = printable(`Service ${service.namespace}/${service.name}`);
  if (ways.length === 0) {
    return `world -> ${name}: ${style.bad("not reached")}, no LoadBalancer, NodePort, Ingress or route of the input leads to it`;
  }
  return [
    `world -> ${name}`,
    ...ways.flatMap((way) => [
      `  by ${printable(wayName(service, way))}, port ${way.port.port}: ${answerText(way.answer, style)}${missing(way)}`,
      ...way.steps.map((step) => `    ${stepText(step, style)}`),
    ]),
  ].join("\n");
}

function wayName(service: Service, { route, gateway }: WayIn): string {
  if (route === undefined) return `itself, type ${service.type}`;
  const where = route.range === undefined ? "" : ` (${formatRange(route.range)})`;
  const hosts = route.hosts.length === 0 ? "" : ` of ${route.hosts.join(", ")}`;
  const through = gateway === undefined ? "" : `, Gateway ${gateway.namespace}/${gateway.name}`;
  return `${route.kind} ${route.namespace}/${route.name}${hosts}${where}${through}`;
}

function missing({ missing: unknown, refused }: WayIn): string {
  const what = refused ?? unknown;
  return what === undefined ? "" : printable(`; ${what}`);
}

function stepText({ from, to, protocol, port, answer, service, note, facts = [] }: WayStep, style: Style): string {
  const by = service === undefined ? "" : ` by Service ${service.namespace}/${service.name}, ${service.type}`;
  const reasons = [
    ...(note === undefined ? [] : [note]),
    ...facts.map((fact) => `depends on ${missingFactText(fact)}`),
  ];
  const why = reasons.map((reason) => `; ${reason}`).join("");
  return `${printable(`${from} -> ${to} ${protocol} ${port}${by}`)}: ${answerText(answer, style)}${printable(why)}`;
}

function answerText(answer: WayAnswer, style: Style): string {
  switch (answer) {
    case "allowed":
      return style.good("allowed");
    case "denied":
      return style.bad("denied");
    case "partly":
      return style.warn("allowed for some");
    case "unknown":
      return style.warn("unknown");
  }
}

/** A way for programs. */
export function jsonWayIn({
  port,
  route,
  gateway,
  steps,
  answer,
  missing: what,
  refused,
}: WayIn): Readonly<Record<string, unknown>> {
  return {
    port: port.port,
    protocol: port.protocol,
    route: route && {
      kind: route.kind,
      namespace: route.namespace,
      name: route.name,
      hosts: route.hosts,
      place: jsonPlace(route.range),
    },
    gateway: gateway && { namespace: gateway.namespace, name: gateway.name },
    answer,
    missing: what,
    refused,
    steps: steps.map(({ service, facts, ...step }) => ({
      ...step,
      missing: facts && jsonMissingFacts(facts),
      service: service && `${service.namespace}/${service.name}`,
    })),
  };
}
