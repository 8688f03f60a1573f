import type { BenchInput } from "./bench-input.ts";
import { type Profile, appsPerNamespace } from "./profile.ts";
import { Random } from "./random.ts";

export const teams = 7;
export const tiers = ["web", "api", "db"] as const;

/** How many pods a node has at most, so how many nodes a profile has. */
const podsPerNode = 50;

/** Where a policy is: what its recipe may know and choose from. */
export interface Place {
  readonly input: BenchInput;
  /** The namespace, from 0. */
  readonly namespace: number;
  /** For what the recipe leaves to chance; depends on the seed, the namespace and the policy's number in it. */
  readonly random: Random;
}

export const namespaceName = (namespace: number): string => `ns-${`${namespace}`.padStart(4, "0")}`;
export const appName = (app: number): string => `app-${app}`;
export const teamName = (namespace: number): string => `t${((namespace % teams) + teams) % teams}`;

export function nodesOf({ pods }: Profile): number {
  return Math.ceil(pods / podsPerNode);
}

/** The block of a node's pods: 10.64.0.0/24 and on. */
export function podCidrOf(node: number): string {
  return `10.${64 + (node >> 8)}.${node & 255}.0/24`;
}

/** One of the apps that every namespace has. */
export function anyApp({ input, random }: Place): string {
  return appName(random.below(appsPerNamespace(input.profile)));
}

/** An app of one namespace calls one of another: what the policies of both are about. */
export interface Link {
  readonly source: number;
  readonly sourceApp: string;
  readonly destination: number;
  readonly destinationApp: string;
}

/** Rotations of two policies a namespace come round after this many, so both ends of most links have their policy. */
const linkDistance = 4;

/** The link that a namespace is the source of. */
export function linkFrom(source: number, { profile, seed }: BenchInput): Link {
  const random = new Random(`${seed} link ${source}`);
  const apps = appsPerNamespace(profile);
  return {
    source,
    sourceApp: appName(random.below(apps)),
    destination: (source + linkDistance) % profile.namespaces,
    destinationApp: appName(random.below(apps)),
  };
}

/** The link that a namespace is the destination of. */
export function linkTo(destination: number, input: BenchInput): Link {
  const { namespaces } = input.profile;
  return linkFrom((destination - linkDistance + namespaces) % namespaces, input);
}
