import type { ClusterState, Lookup } from "@podwall/engine";

/** Where an agent learns what its cluster is: an API server, or a folder of manifests. */
export interface Source {
  /** Follows all that changes until the signal is aborted. Rejects only with bugs. */
  follow(listener: SourceListener, signal: AbortSignal): Promise<void>;
  /** All that is known now; undefined before everything was learnt once. */
  snapshot(): Snapshot | undefined;
  /** How far each kind of objects is known. */
  progress(): ReadonlyMap<string, SourceProgress>;
}

/** One state of all that is known. What is as in the state before is the same object. */
export interface Snapshot {
  readonly cluster: ClusterState;
  /** What else is known of policies, by kind and then by `namespace/name` or name; empty where the source knows nothing. */
  readonly policyMarks: ReadonlyMap<string, Lookup<PolicyMarks>>;
  /** `metadata.uid` of this node's pods, by `namespace/name`; empty where the source has none. */
  readonly podUids: ReadonlyMap<string, string>;
}

export interface PolicyMarks {
  /** `metadata.generation` */
  readonly generation?: number;
  /** `metadata.uid`, which tells a policy from an earlier one of its name. */
  readonly uid?: string;
}

export interface SourceListener {
  /** Something that is kept has changed, or everything is known for the first time. */
  onChange(): void;
  onTrouble(trouble: Trouble): void;
}

/** Something that a person may have to see to, or its end. */
export interface Trouble {
  /** What it is about: a kind of objects, or one object. */
  readonly about: string;
  /** Undefined when it is over. */
  readonly message: string | undefined;
}

export interface SourceProgress {
  readonly synced: boolean;
  readonly objects: number;
  /** The newest version of an object that was taken in; undefined where versions are no numbers. */
  readonly version?: number;
}

interface PolicyName {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** Keys of policies, which are asked for at every event. */
const keys = new WeakMap<PolicyName, string>();

/** Tells policies of all kinds apart: `NetworkPolicy shop/web`. */
export function policyKey(policy: PolicyName): string {
  const known = keys.get(policy);
  if (known !== undefined) return known;
  const { kind, namespace, name } = policy;
  const key = namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
  keys.set(policy, key);
  return key;
}
