import { type Pod, formatAddress } from "@podwall/engine";
import { probeContainer } from "../probing/probe-container.ts";
import { restrictedSpec } from "../probing/restricted-spec.ts";
import type { Trial } from "./sample.ts";

/** On every pod that probe makes; they are found by it. */
export const madeBy = { "podwall.dev/made-by": "probe" } as const;

/** A trial with its number, by which its stand-in's log names it. */
export type NumberedTrial = Trial & { readonly number: number };

/** A pod that stands in for another: the same namespace and labels, so that the same policies select it. */
export interface StandIn {
  readonly name: string;
  readonly like: Pod;
  readonly trials: readonly NumberedTrial[];
}

export interface StandInOptions {
  readonly image: string;
  readonly namespaceUid: string;
}

/**
 * What else acts by labels must take no part in it. Services send nothing to a pod that is not ready, and this one never is: its
 * readiness gate is a condition that nobody sets. Controllers adopt pods with their labels that have no controller, and would
 * then remove one of theirs as one too many: its controller is its namespace.
 */
export function standInPod({ name, like, trials }: StandIn, { image, namespaceUid }: StandInOptions): object {
  const namespace = like.namespace;
  const owner = { apiVersion: "v1", kind: "Namespace", name: namespace, uid: namespaceUid, controller: true };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels: { ...Object.fromEntries(like.labels), ...madeBy }, ownerReferences: [owner] },
    spec: restrictedSpec([probeContainer({ image, probes: trials.map(argument) })], {
      readinessGates: [{ conditionType: "podwall.dev/never-ready" }],
    }),
  };
}

function argument({ number, destination, port }: NumberedTrial): string {
  const [address] = destination.addresses;
  const host = address === undefined ? "" : formatAddress(address);
  return `${number} tcp ${host} ${host.includes(":") ? `[${host}]` : host}:${port}`;
}
