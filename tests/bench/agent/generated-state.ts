import { generateCluster } from "../generate/generate-cluster.ts";
import type { BenchInput } from "../generate/bench-input.ts";
import { clusterObjects } from "../generate/manifests.ts";
import { profiles } from "../generate/profile.ts";
import { mixes } from "../generate/mix.ts";
import type { RawObject } from "./bench-source.ts";

/** The node whose agent is measured. The pods and pod ranges of two generated nodes are its own: a hundred pods. */
export const ownNode = "node-0";
const otherNode = "node-1";

export interface RawPod extends RawObject {
  readonly kind: "Pod";
  readonly spec: { readonly nodeName: string };
  readonly status: { readonly podIP: string };
}

/** The input of a profile and mix, as their names are given on a command line. */
export function inputNamed(profileName: string, mixName: string): BenchInput {
  const profile = profiles.find(({ name }) => name === profileName);
  const mix = mixes.find(({ name }) => name === mixName);
  if (profile === undefined || mix === undefined) throw new Error(`no profile ${profileName} or mix ${mixName}`);
  return { profile, mix, form: "pods", dualStack: false, seed: "1" };
}

/** All objects of a generated cluster, as an API server stores them. */
export function generatedState(input: BenchInput): RawObject[] {
  const objects = JSON.parse(JSON.stringify(clusterObjects(generateCluster(input)))) as RawObject[];
  const isOther = ({ kind, metadata }: RawObject): boolean => kind === "Node" && metadata.name === otherNode;
  return objects.filter((object) => !isOther(object)).map(onOwnNode);
}

function onOwnNode(object: RawObject): RawObject {
  if (isPod(object) && object.spec.nodeName === otherNode) {
    return { ...object, spec: { ...object.spec, nodeName: ownNode } } as RawPod;
  }
  if (object.kind === "Node" && object.metadata.name === ownNode) {
    return { ...object, spec: { podCIDRs: ["10.64.0.0/24", "10.64.1.0/24"] } } as RawObject;
  }
  return object;
}

export function isPod(object: RawObject): object is RawPod {
  return object.kind === "Pod";
}
