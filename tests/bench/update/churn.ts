import { isDeepStrictEqual } from "node:util";
import { type RawObject, keyOf } from "../agent/bench-source.ts";
import { type RawPod, isPod, ownNode } from "../agent/generated-state.ts";
import { Random } from "../generate/random.ts";

/** Something that happens to one object of a cluster. */
export interface BenchEvent {
  /** What happens, in words; one row of a table. */
  readonly what: string;
  readonly kind: string;
  readonly key: string;
  /** The object as it is now; undefined where it is gone. */
  readonly object?: RawObject;
}

type Happening = (cluster: Objects, random: Random) => BenchEvent;

/** So often does each happen, of a hundred: pods most, as when applications are rolled out. */
const happenings: readonly (readonly [weight: number, happening: Happening])[] = [
  [28, (objects) => podBack("another node's pod added", objects, ({ spec }) => spec.nodeName !== ownNode)],
  [28, (objects, random) => podGone("another node's pod deleted", objects.pods(isRemote), random)],
  [10, (objects, random) => relabelled("another node's pod's labels changed", objects.pods(isRemote), objects, random)],
  [7, (objects) => podBack("own pod added", objects, ({ spec }) => spec.nodeName === ownNode)],
  [7, (objects, random) => podGone("own pod deleted", objects.pods(isLocal), random)],
  [5, (objects, random) => relabelled("own pod's labels changed", objects.pods(isLocal), objects, random)],
  [5, (objects, random) => policyGone(objects, random)],
  [5, (objects) => policyBack(objects)],
  [5, (objects, random) => namespaceRelabelled(objects, random)],
];

/** The objects there are, and those that were deleted, oldest first. */
class Objects {
  readonly #there = new Map<string, RawObject>();
  readonly #gone: RawObject[] = [];

  constructor(objects: readonly RawObject[]) {
    for (const object of objects) this.#there.set(`${object.kind} ${keyOf(object)}`, object);
  }

  of(kind: string): RawObject[] {
    return [...this.#there.values()].filter((object) => object.kind === kind);
  }

  pods(isWanted: (pod: RawPod) => boolean): RawPod[] {
    return this.of("Pod").filter((object) => isPod(object) && isWanted(object)) as RawPod[];
  }

  /** The one that was deleted first, of those wanted. */
  back(isWanted: (object: RawObject) => boolean): RawObject | undefined {
    const index = this.#gone.findIndex(isWanted);
    return index < 0 ? undefined : this.#gone.splice(index, 1)[0];
  }

  follow({ kind, key, object }: BenchEvent): void {
    const id = `${kind} ${key}`;
    const before = this.#there.get(id);
    if (object !== undefined) this.#there.set(id, object);
    else if (before !== undefined) {
      this.#there.delete(id);
      this.#gone.push(before);
    }
  }
}

/** What happens one after the other. Equal seeds give equal events. */
export function* churn(objects: readonly RawObject[], seed: string): Generator<BenchEvent, never> {
  const state = new Objects(objects);
  const random = new Random(seed);
  const total = happenings.reduce((sum, [weight]) => sum + weight, 0);
  for (;;) {
    let at = random.below(total);
    const [, happening] = happenings.find(([weight]) => (at -= weight) < 0) as (typeof happenings)[number];
    const event = happening(state, random);
    state.follow(event);
    yield event;
  }
}

const isLocal = ({ spec }: RawPod): boolean => spec.nodeName === ownNode;
const isRemote = (pod: RawPod): boolean => !isLocal(pod);

function changed(what: string, object: RawObject): BenchEvent {
  return { what, kind: object.kind, key: keyOf(object), object };
}

function gone(what: string, object: RawObject): BenchEvent {
  return { what, kind: object.kind, key: keyOf(object) };
}

function podGone(what: string, pods: readonly RawPod[], random: Random): BenchEvent {
  return gone(what, random.pick(pods));
}

/** The pod that has been gone longest, under a new name and with its address. */
function podBack(what: string, objects: Objects, isWanted: (pod: RawPod) => boolean): BenchEvent {
  const pod = objects.back((object) => isPod(object) && isWanted(object)) as RawPod | undefined;
  if (pod === undefined) return podGone(what.replace("added", "deleted"), objects.pods(isWanted), new Random(what));
  return changed(what, { ...pod, metadata: { ...pod.metadata, name: `${pod.metadata.name}-n` } });
}

/** With labels of another pod that differ: what gets the labels it has is no event to an agent, and nothing would follow. */
function relabelled(what: string, pods: readonly RawPod[], objects: Objects, random: Random): BenchEvent {
  const pod = random.pick(pods);
  const had = labelsOf(pod);
  const labels = random.pick(
    objects
      .of("Pod")
      .map(labelsOf)
      .filter((some) => !isDeepStrictEqual(some, had)),
  );
  return changed(what, { ...pod, metadata: { ...pod.metadata, labels } });
}

function policyGone(objects: Objects, random: Random): BenchEvent {
  return gone("NetworkPolicy deleted", random.pick(objects.of("NetworkPolicy")));
}

function policyBack(objects: Objects): BenchEvent {
  const policy = objects.back(({ kind }) => kind === "NetworkPolicy");
  return policy === undefined ? policyGone(objects, new Random("policy")) : changed("NetworkPolicy added", policy);
}

function namespaceRelabelled(objects: Objects, random: Random): BenchEvent {
  const namespaces = objects.of("Namespace");
  const namespace = random.pick(namespaces);
  const had = teamOf(namespace);
  const team = random.pick(namespaces.map(teamOf).filter((one) => one !== had));
  const labels = { ...namespace.metadata.labels, team };
  return changed("namespace's labels changed", { ...namespace, metadata: { ...namespace.metadata, labels } });
}

function labelsOf({ metadata: { labels = {} } }: RawObject): Record<string, string> {
  return labels;
}

function teamOf(namespace: RawObject): string {
  return labelsOf(namespace)["team"] ?? "none";
}
