import type {
  Gateway,
  Listener,
  ObjectName,
  ParentReference,
  ReferenceGrant,
  Route,
  RouteBackend,
} from "../model/route.ts";
import type { Field } from "./field.ts";
import type { Identity } from "./identity.ts";
import { readLabelSelector } from "./label-selector.ts";
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
    gateways: items(child(spec, "parentRefs")).flatMap((parent) => parentReference(parent, identity.namespace)),
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

function parentReference(parent: Field, own: string): readonly ParentReference[] {
  const [sectionName, port] = [readString(child(parent, "sectionName")), readInt32(child(parent, "port"))];
  return reference(parent, "Gateway", own).map((name) => ({
    ...name,
    ...(sectionName === undefined ? {} : { sectionName }),
    ...(port === undefined ? {} : { port }),
  }));
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
  const listeners = items(child(spec, "listeners")).map(readListener);
  return { role: "gateway", ...identity, ...classOf(child(spec, "gatewayClassName")), listeners };
}

/** Defaults as the Gateway API has them: routes of the Gateway's own namespace, of every kind that fits. */
function readListener(field: Field): Listener {
  const namespaces = descendant(field, "allowedRoutes", "namespaces");
  const [from, selector] = [readString(child(namespaces, "from")), child(namespaces, "selector")];
  const [port, hostname] = [readInt32(child(field, "port")), readString(child(field, "hostname"))];
  return {
    name: readString(child(field, "name")) ?? "",
    ...(port === undefined ? {} : { port }),
    ...(hostname === undefined || hostname === "" ? {} : { hostname }),
    from: from === "All" || from === "Selector" || from === "None" ? from : "Same",
    ...(selector.node === undefined ? {} : { selector: readLabelSelector(selector) }),
    kinds: items(descendant(field, "allowedRoutes", "kinds")).flatMap((one) => readString(child(one, "kind")) ?? []),
  };
}

/** Reads a gateway.networking.k8s.io ReferenceGrant, as far as it is for routes and Services. Finds nothing wrong. */
export function readReferenceGrant(identity: Identity, spec: Field): ReferenceGrant {
  const isService = (to: Field): boolean =>
    readString(child(to, "kind")) === "Service" && (readString(child(to, "group")) ?? "") === "";
  return {
    role: "grant",
    ...identity,
    from: items(child(spec, "from")).flatMap((from) => {
      const [kind, namespace] = [readString(child(from, "kind")), readString(child(from, "namespace"))];
      return kind === undefined || namespace === undefined ? [] : [{ kind, namespace }];
    }),
    services: items(child(spec, "to"))
      .filter(isService)
      .map((to) => readString(child(to, "name"))),
  };
}

function classOf(field: Field): { readonly className?: string } {
  const className = readString(field);
  return className === undefined ? {} : { className };
}

function unique(backends: readonly RouteBackend[]): readonly RouteBackend[] {
  return [...new Map(backends.map((one) => [`${one.namespace}/${one.name}:${one.port}`, one])).values()];
}
