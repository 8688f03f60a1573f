import { type ApiObject, clusterFrom } from "@podwall/engine";
import { type KeptKind, generationsOf, uidsOf } from "./kept-kind.ts";
import type { Snapshot } from "./source.ts";

/** All that is kept, as one state; undefined before every kind is known. */
export function snapshotOf(kinds: readonly KeptKind[]): Snapshot | undefined {
  if (!kinds.every(({ synced }) => synced)) return undefined;
  const objects: ApiObject[] = [];
  for (const kind of kinds) for (const { object } of kind.objects()) objects.push(object);
  return { cluster: clusterFrom(objects), generations: generationsOf(kinds), uids: uidsOf(kinds) };
}
