import type { LocalPod } from "@podwall/engine";
import { families } from "./address-family.ts";

/** The keys of the rule sets that judge a pod's traffic, in an order that is the same for all pods; undefined where none does. */
export function judgesOf({ egress, ingress, ownNode, itself }: LocalPod): readonly (string | undefined)[] {
  return [egress, ingress, ownNode, ...families.map((family) => itself?.[family])];
}
