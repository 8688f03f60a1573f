import { type ApiObject, type Cluster, clusterFrom } from "../../../packages/engine/src/index.ts";
import type { AgentState } from "./agent-node.ts";

/** The kinds that a history writes, as the API calls them. */
export const timelineKinds = ["pods", "namespaces", "networkpolicies"] as const;
export type TimelineKind = (typeof timelineKinds)[number];

type Objects = ReadonlyMap<string, ApiObject>;

interface Version {
  readonly objects: Objects;
  /** The revision of the write that made it; unknown until the API server answers. */
  revision: number | undefined;
}

/** For each kind, how many of its versions a node has in force for certain: an index into the timeline. */
export type Acknowledged = Readonly<Record<TimelineKind, number>>;

/**
 * Every version of a cluster that an API server held, kind by kind. The API orders writes of one kind for those who watch;
 * two kinds come by two watches, and nothing says which of their events is the older one.
 */
export class ApiTimeline {
  readonly #versions: Record<TimelineKind, Version[]>;
  readonly #rest: readonly ApiObject[];

  constructor(objects: Readonly<Record<TimelineKind, Objects>>, rest: readonly ApiObject[]) {
    this.#versions = {
      pods: [{ objects: objects.pods, revision: 0 }],
      namespaces: [{ objects: objects.namespaces, revision: 0 }],
      networkpolicies: [{ objects: objects.networkpolicies, revision: 0 }],
    };
    this.#rest = rest;
  }

  /** A kind's newest objects, written or about to be. */
  newest(kind: TimelineKind): Objects {
    return this.#versions[kind].at(-1)?.objects ?? new Map();
  }

  /** Says that a write is about to be sent; what is returned takes its revision once that is known. */
  begin(kind: TimelineKind, key: string, object: ApiObject | undefined): (revision: number) => void {
    const objects = new Map(this.newest(kind));
    if (object === undefined) objects.delete(key);
    else objects.set(key, object);
    const version: Version = { objects, revision: undefined };
    this.#versions[kind].push(version);
    return (revision) => {
      version.revision = revision;
    };
  }

  /** What a node that says this of itself has in force, or more; `before` where it has something in hand. */
  acknowledgedBy(state: AgentState | undefined, before: Acknowledged): Acknowledged {
    if (state === undefined || !state.ready || state.pending) return before;
    const reached = (kind: TimelineKind): number => {
      const seen = state.sources[kind]?.version ?? 0;
      // A write that changes nothing has the revision of the write before it, of its object: later ones may be lower.
      const index = this.#versions[kind].findIndex(({ revision }) => revision === undefined || revision > seen);
      return Math.max(before[kind], index < 0 ? this.end[kind] : index - 1);
    };
    return { pods: reached("pods"), namespaces: reached("namespaces"), networkpolicies: reached("networkpolicies") };
  }

  /** Where each kind's timeline ends now. */
  get end(): Acknowledged {
    const last = (kind: TimelineKind): number => this.#versions[kind].length - 1;
    return { pods: last("pods"), namespaces: last("namespaces"), networkpolicies: last("networkpolicies") };
  }

  /** Every cluster that a node may judge by which had all of `from` in force, while the API server went on until `to`. */
  *between(from: Acknowledged, to: Acknowledged): Generator<Cluster> {
    for (const pods of this.#versions.pods.slice(from.pods, to.pods + 1))
      for (const namespaces of this.#versions.namespaces.slice(from.namespaces, to.namespaces + 1))
        for (const policies of this.#versions.networkpolicies.slice(from.networkpolicies, to.networkpolicies + 1))
          yield clusterFrom([
            ...this.#rest,
            ...namespaces.objects.values(),
            ...pods.objects.values(),
            ...policies.objects.values(),
          ]);
  }
}
