import { type Address, type Connection, formatAddress } from "@podwall/engine";
import type { PodProtocol, ProbeOrder } from "../pod/messages.ts";
import { type Place, nameOfPlace } from "../network/place.ts";

/** One connection to predict and to try. */
export interface Cell {
  /** How a person knows each end: `namespace/pod`, or `outside 203.0.113.10`. */
  readonly from: string;
  readonly to: string;
  readonly source: Place;
  readonly destination: Place;
  /** Where to connect from, where the source has several addresses. */
  readonly sourceAddress?: Address;
  readonly address: Address;
  readonly protocol: PodProtocol;
  readonly port: number;
  /** What to ask the engine. */
  readonly connection: Connection;
}

/** The same text for the same connection, in every generation of cells. */
export function cellKey({ from, to, address, protocol, port }: Cell): string {
  return `${from} ${to} ${formatAddress(address)} ${protocol} ${port}`;
}

/** What the pod program is told. */
export function orderOf({ destination, sourceAddress, address, protocol, port }: Cell, timeoutMs: number): ProbeOrder {
  return {
    protocol,
    address: formatAddress(address),
    port,
    expect: nameOfPlace(destination),
    timeoutMs,
    ...(sourceAddress === undefined ? {} : { from: formatAddress(sourceAddress) }),
  };
}
