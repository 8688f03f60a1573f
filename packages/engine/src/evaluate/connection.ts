import type { Address } from "../net/address.ts";
import type { Protocol } from "../net/protocol.ts";
import type { Pod } from "../model/pod.ts";

/**
 * One end of a connection: a pod, with the address it uses where that is known, or an address that is no pod's:
 * a node's or an outside one.
 */
export type Endpoint =
  | { readonly kind: "pod"; readonly pod: Pod; readonly address?: Address }
  | { readonly kind: "address"; readonly address: Address };

/**
 * A new connection as it is judged: after Service translation, so `destination` and `port` are the backend's.
 * Protocols without ports have no NetworkPolicy rule of their own and are asked for with `connections()`.
 */
export interface Connection {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly protocol: Protocol;
  readonly port: number;
  /** Whether it was sent to a Service: that matters only where a pod reaches itself. */
  readonly throughService?: boolean;
}
