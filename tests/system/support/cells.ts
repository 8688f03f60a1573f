import {
  type Address,
  type Cluster,
  type Endpoint,
  type Pod,
  type Verdict,
  formatAddress,
  podKey,
  verdict,
} from "../../../packages/engine/src/index.ts";
import { type Lab, type Place, outside, placeOfPod } from "../../../packages/lab/src/index.ts";
import type { Cell } from "../../../packages/lab/src/probe/cell.ts";
import { type PredictedCell, probeCells } from "../../../packages/lab/src/probe/probe-cells.ts";
import { type CellResult, isMismatch } from "../../../packages/lab/src/probe/result.ts";

interface End {
  readonly name: string;
  readonly place: Place;
  readonly address: Address;
  readonly endpoint: Endpoint;
}

export interface CellsOptions {
  /** Addresses of the rest of the world. */
  readonly outside?: readonly Address[];
  readonly ports: readonly number[];
  readonly protocols?: readonly ("TCP" | "UDP")[];
}

/** Every ordered pair of ends of one family, pods with themselves included, on every port; with its prediction. */
export function predictedCells(cluster: Cluster, options: CellsOptions): PredictedCell[] {
  const { outside: world = [], ports, protocols = ["TCP", "UDP"] } = options;
  const ends: End[] = [
    ...cluster.pods.filter((pod) => !pod.completed).flatMap(endsOfPod),
    ...world.map(
      (address): End => ({
        name: `outside ${formatAddress(address)}`,
        place: outside,
        address,
        endpoint: { kind: "address", address },
      }),
    ),
  ];
  return ends.flatMap((from) =>
    ends
      .filter((to) => to.address.family === from.address.family && (from.place !== outside || to.place !== outside))
      .flatMap((to) =>
        protocols.flatMap((protocol) =>
          ports.map((port): PredictedCell => {
            const connection = { source: from.endpoint, destination: to.endpoint, protocol, port };
            const cell: Cell = {
              from: from.name,
              to: to.name,
              source: from.place,
              destination: to.place,
              ...(from.place.kind === "outside" ? { sourceAddress: from.address } : {}),
              address: to.address,
              protocol,
              port,
              connection,
            };
            return { cell, verdict: verdict(cluster, connection) };
          }),
        ),
      ),
  );
}

function endsOfPod(pod: Pod): End[] {
  return pod.addresses.map((address) => ({
    name: podKey(pod),
    place: placeOfPod(pod),
    address,
    endpoint: { kind: "pod", pod, address },
  }));
}

/** Tries cells and gives what was not as predicted. */
export async function mismatchesOf(lab: Lab, cells: readonly PredictedCell[]): Promise<readonly CellResult[]> {
  const results = await probeCells(lab, cells);
  return results.filter(isMismatch);
}

/** `x/a -> x/b 10.0.0.1 TCP 80: predicted allowed, observed timeout`. */
export function describeMismatch({ cell, verdict: predicted, answer }: CellResult): string {
  const { from, to, address, protocol, port } = cell;
  const what = `${from} -> ${to} ${formatAddress(address)} ${protocol} ${port}`;
  return `${what}: predicted ${predicted.allowed ? "allowed" : "denied"}, observed ${answer.outcome}`;
}

/** What is said of each direction's reason in a verdict. */
export function reasonsOf({ egress, ingress }: Verdict): readonly string[] {
  return [egress, ingress].map(({ reason }) =>
    reason.kind === "not-a-subject" ? `${reason.kind} ${reason.why}` : reason.kind,
  );
}
