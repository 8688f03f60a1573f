import { type Cluster, namespaceNameLabel } from "../../../model/cluster.ts";
import type { FastEvaluator } from "../../../evaluate/fast/fast-evaluator.ts";
import type { OtherObject } from "../../../model/other-object.ts";
import { type Pod, isPolicyPod } from "../../../model/pod.ts";
import type { Address, Family } from "../../../net/address.ts";
import { podAddressChoices } from "../address-variation.ts";
import type { LabelChoice } from "../label-choices.ts";
import { namespaceLabelChoices } from "../namespace-variation.ts";

/** In which ways the pods and namespaces of some clusters may be, as far as their policies tell the ways apart. */
export interface Ways {
  /** What a namespace without an object may have for labels; the first is none. One alone where that is known, or no matter. */
  readonly labels: readonly LabelChoice[];
  /** What a pod without an address may have; none where all are known, or no rule names blocks. */
  readonly addresses: readonly Address[];
  /** Whether labels of namespaces say whom policies select, and not only whom their rules are for. */
  readonly subjectsAsk: boolean;
}

/** A state of a cluster, and what of its input no answer is made of. */
export interface SeenState {
  readonly cluster: Cluster;
  readonly others: readonly OtherObject[];
  /** Of the cluster, where there is one; else it is made. */
  readonly evaluator?: FastEvaluator;
  /** False where a network plugin is asked about of which no block holds a pod, whatever address it has. */
  readonly blocksHoldPods?: boolean;
}

/** The ways of states of a cluster. */
export function waysOf(states: readonly SeenState[]): Ways {
  const clusters = states.map(({ cluster }) => cluster);
  const asksLabels = clusters.some((cluster) =>
    cluster.pods.some((pod) => isPolicyPod(pod) && isOnlyNamed(cluster, pod.namespace)),
  );
  const asksAddresses = states.some(
    ({ cluster, blocksHoldPods = true }) => blocksHoldPods && cluster.pods.some(hasNoAddress),
  );
  return {
    labels: asksLabels ? namespaceLabelChoices(clusters) : [new Map()],
    addresses: asksAddresses ? podAddressChoices(clusters) : [],
    subjectsAsk: clusters.some(subjectsAsk),
  };
}

/** Whether labels of namespaces, besides their names, say whom policies select. */
export function subjectsAsk({ clusterPolicies }: Cluster): boolean {
  return clusterPolicies.some(({ subject: { namespaceSelector } }) =>
    namespaceSelector.requirements.some(({ key }) => key !== namespaceNameLabel),
  );
}

/** Whether only the name of a namespace is known, and policies ask for more. */
export function isOnlyNamed(cluster: Cluster, name: string): boolean {
  return cluster.namespaces.get(name)?.declared === false;
}

/** Whether the address of a pod is not known. */
export function hasNoAddress(pod: Pod | undefined): boolean {
  return pod !== undefined && pod.addresses.length === 0 && isPolicyPod(pod);
}

/** The places of the addresses of a family; of none, one place that is no address. */
export function addressesOf({ addresses }: Ways, family: Family | undefined): readonly number[] {
  const places = addresses.flatMap((address, index) =>
    family === undefined || address.family === family ? [index] : [],
  );
  return places.length === 0 ? [noAddress] : places;
}

/** Instead of the place of an address. */
export const noAddress = -1;
