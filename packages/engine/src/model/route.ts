import type { SourceRange } from "../source/source-file.ts";

/** Says to which Services requests from outside go: an Ingress, or a route of the Gateway API. */
export interface Route {
  readonly role: "route";
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly hosts: readonly string[];
  /** The Gateways that a route of the Gateway API belongs to; an Ingress belongs to a class. */
  readonly gateways: readonly ObjectName[];
  readonly className?: string;
  readonly backends: readonly RouteBackend[];
  readonly range?: SourceRange;
}

export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
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
  readonly range?: SourceRange;
}
