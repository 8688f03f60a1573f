import type { SourceRange } from "../source/source-file.ts";
import type { LabelSelector } from "./selector.ts";

/** Says to which Services requests from outside go: an Ingress, or a route of the Gateway API. */
export interface Route {
  readonly role: "route";
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly hosts: readonly string[];
  /** The Gateways that a route of the Gateway API belongs to; an Ingress belongs to a class. */
  readonly gateways: readonly ParentReference[];
  readonly className?: string;
  readonly backends: readonly RouteBackend[];
  readonly range?: SourceRange;
}

export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

/** A Gateway that a route asks for, and which of its listeners; all of them where none is named. */
export interface ParentReference extends ObjectName {
  readonly sectionName?: string;
  readonly port?: number;
}

/** A port of a Service; all of them where none is given. */
export interface RouteBackend extends ObjectName {
  readonly port?: number | string;
}

/** A gateway.networking.k8s.io Gateway: where requests for routes come in. */
export interface Gateway {
  readonly role: "gateway";
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly className?: string;
  /** Absent where the Gateway is only named. */
  readonly listeners?: readonly Listener[];
  readonly range?: SourceRange;
}

/** Which routes may come in by a port of a Gateway. */
export interface Listener {
  readonly name: string;
  readonly port?: number;
  readonly hostname?: string;
  /** The namespaces of routes: the Gateway's own by default. */
  readonly from: "Same" | "All" | "Selector" | "None";
  readonly selector?: LabelSelector;
  /** The kinds of routes, where only some are allowed. */
  readonly kinds: readonly string[];
}

/** A gateway.networking.k8s.io ReferenceGrant: lets routes of other namespaces refer to Services of its own. */
export interface ReferenceGrant {
  readonly role: "grant";
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Routes by kind and namespace. */
  readonly from: readonly { readonly kind: string; readonly namespace: string }[];
  /** Names of Services; undefined is all. */
  readonly services: readonly (string | undefined)[];
  readonly range?: SourceRange;
}
