import { type Pod, isPolicyPod } from "../../model/pod.ts";
import { formatAddress } from "../../net/address.ts";
import type { Endpoint } from "../connection.ts";
import type { AddressSets } from "./address-sets.ts";
import type { Outsider } from "./outsider.ts";

/** Tells what rules can ask of ends that are no pods with a network of their own. */
export class Outsiders {
  readonly #asked: AddressSets;
  readonly #pods: () => Iterable<Pod>;
  /** Of known pods; made when it is asked for, and again after pods came or went. */
  #podAddresses: ReadonlySet<string> | undefined;

  constructor(asked: AddressSets, pods: () => Iterable<Pod>) {
    this.#asked = asked;
    this.#pods = pods;
  }

  podsChanged(): void {
    this.#podAddresses = undefined;
  }

  of(end: Endpoint): Outsider {
    const { address } = end;
    const node = end.kind === "pod" && end.pod.hostNetwork ? end.pod.node : undefined;
    return {
      addresses: address === undefined ? this.#asked.empty : this.#asked.of(address),
      ...(node === undefined ? {} : { node }),
      hasPodAddress: this.#hasPodAddress(end),
    };
  }

  #hasPodAddress({ address, ...end }: Endpoint): boolean {
    if (address === undefined || (end.kind === "pod" && isPolicyPod(end.pod))) return false;
    this.#podAddresses ??= new Set([...this.#pods()].flatMap(({ addresses }) => addresses.map(formatAddress)));
    return this.#podAddresses.has(formatAddress(address));
  }
}
