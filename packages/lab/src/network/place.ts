import { type Pod, podKey } from "@podwall/engine";

/** A network namespace of the lab that sends and answers: a pod's, a node's own, or the one that stands for the rest of the world. */
export type Place =
  | { readonly kind: "pod"; readonly key: string }
  | { readonly kind: "node"; readonly name: string }
  | { readonly kind: "outside" };

export const outside: Place = { kind: "outside" };

/** Where a pod's traffic comes from and goes to: hostNetwork pods live in their node's namespace. */
export function placeOfPod(pod: Pod): Place {
  return pod.hostNetwork ? { kind: "node", name: pod.node ?? "" } : { kind: "pod", key: podKey(pod) };
}

/** How the program there answers; no two places have the same name. */
export function nameOfPlace(place: Place): string {
  switch (place.kind) {
    case "pod":
      return place.key;
    case "node":
      return `node ${place.name}`;
    case "outside":
      return "outside";
  }
}
