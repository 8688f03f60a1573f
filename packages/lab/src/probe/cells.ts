import { type Address, type Cluster, type Endpoint, type Pod, formatAddress, podKey } from "@podwall/engine";
import { type Place, nameOfPlace, outside, placeOfPod } from "../network/place.ts";
import type { PodProtocol } from "../pod/messages.ts";
import type { OutsideWorld } from "../place/outside-world.ts";
import type { Cell } from "./cell.ts";

/** One end of connections to try. */
interface End {
  readonly name: string;
  readonly place: Place;
  readonly addresses: readonly Address[];
  readonly ports: readonly { readonly protocol: PodProtocol; readonly port: number }[];
  readonly endpointAt: (address: Address) => Endpoint;
}

/** Every connection worth trying: each ordered pair of ends that are apart, each port of the second, each family of both. */
export function cellsOf(cluster: Cluster, world: OutsideWorld): readonly Cell[] {
  const pods = cluster.pods.filter((pod) => !pod.completed && pod.addresses.length > 0).map(endOfPod);
  const ends = [...pods, ...world.addresses.map((address) => endOfAddress(address, world))];
  return pods.flatMap((pod) =>
    ends.flatMap((other) => {
      const apart = nameOfPlace(pod.place) !== nameOfPlace(other.place);
      if (!apart) return [];
      // A pair of pods comes up twice, once from each side; a pod and the outside only once.
      return other.place.kind === "outside"
        ? [...cellsBetween(pod, other), ...cellsBetween(other, pod)]
        : cellsBetween(pod, other);
    }),
  );
}

function cellsBetween(from: End, to: End): Cell[] {
  return to.addresses.flatMap((address) => {
    const source = from.addresses.find(({ family }) => family === address.family);
    if (source === undefined) return [];
    return to.ports.map(
      ({ protocol, port }): Cell => ({
        from: from.name,
        to: to.name,
        source: from.place,
        destination: to.place,
        ...(from.place.kind === "outside" ? { sourceAddress: source } : {}),
        address,
        protocol,
        port,
        connection: {
          source: from.endpointAt(source),
          destination: to.endpointAt(address),
          protocol,
          port,
        },
      }),
    );
  });
}

function endOfPod(pod: Pod): End {
  const ports = pod.ports.flatMap(({ protocol, port }) => (protocol === "SCTP" ? [] : [{ protocol, port }]));
  return {
    name: podKey(pod),
    place: placeOfPod(pod),
    addresses: pod.addresses,
    ports,
    endpointAt: (address) => ({ kind: "pod", pod, address }),
  };
}

function endOfAddress(address: Address, { ports }: OutsideWorld): End {
  return {
    name: `outside ${formatAddress(address)}`,
    place: outside,
    addresses: [address],
    ports,
    endpointAt: (own) => ({ kind: "address", address: own }),
  };
}
