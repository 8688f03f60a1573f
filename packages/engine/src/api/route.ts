import type { Gateway, ObjectName, Route, RouteBackend } from "../model/route.ts";
import type { Field } from "./field.ts";
import type { Identity } from "./identity.ts";
import { child, descendant, items } from "./read-field.ts";
import { readInt32, readIntOrString, readString } from "./read-scalar.ts";

/** Reads where a networking.k8s.io/v1 Ingress sends requests. Finds nothing wrong. */
export function readIngress(identity: Identity, spec: Field): Route {
  const rules = items(child(spec, "rules"));
  const paths = rules.flatMap((rule) => items(descendant(rule, "http", "paths")));
  const backends = [child(spec, "defaultBackend"), ...paths.map((path) => child(path, "backend"))];
  return {
    role: "route",
    ...identity,
    hosts: rules.flatMap((rule) => readString(child(rule, "host")) ?? []),
    gateways: [],
    ...classOf(child(spec, "ingressClassName")),
    backends: unique(backends.flatMap((backend) => ingressBackend(child(backend, "service"), identity.namespace))),
  };
}

function ingressBackend(service: Field, namespace: string): readonly RouteBackend[] {
  const name = readString(child(service, "name"));
  if (name === undefined) return [];
  const port = readInt32(descendant(service, "port", "number")) ?? readString(descendant(service, "port", "name"));
  return [{ namespace, name, ...(port === undefined ? {} : { port }) }];
}

/** Reads where a route of the Gateway API sends requests, and the Gateways they come in by. Finds nothing wrong. */
export function readRoute(identity: Identity, spec: Field): Route {
  const references = items(child(spec, "rules")).flatMap((rule) => items(child(rule, "backendRefs")));
  return {
    role: "route",
    ...identity,
    hosts: items(child(spec, "hostnames")).flatMap((host) => readString(host) ?? []),
    gateways: items(child(spec, "parentRefs")).flatMap((parent) => reference(parent, "Gateway", identity.namespace)),
    backends: unique(
      references.flatMap((backend) =>
        reference(backend, "Service", identity.namespace).map((name) => {
          const port = readIntOrString(child(backend, "port"));
          return { ...name, ...(port === undefined ? {} : { port }) };
        }),
      ),
    ),
  };
}

/** A reference to an object of a kind, which is the one that is meant where none is said. */
function reference(field: Field, wanted: string, own: string): readonly ObjectName[] {
  const name = readString(child(field, "name"));
  const kind = readString(child(field, "kind")) ?? wanted;
  return name === undefined || kind !== wanted
    ? []
    : [{ namespace: readString(child(field, "namespace")) ?? own, name }];
}

/** Reads a gateway.networking.k8s.io Gateway. Finds nothing wrong. */
export function readGateway(identity: Identity, spec: Field): Gateway {
  return { role: "gateway", ...identity, ...classOf(child(spec, "gatewayClassName")) };
}

function classOf(field: Field): { readonly className?: string } {
  const className = readString(field);
  return className === undefined ? {} : { className };
}

function unique(backends: readonly RouteBackend[]): readonly RouteBackend[] {
  return [...new Map(backends.map((one) => [`${one.namespace}/${one.name}:${one.port}`, one])).values()];
}
