import { type Pod, formatAddress, podKey } from "@podwall/engine";

interface PodTexts {
  /** `namespace/name` */
  readonly key: string;
  readonly addresses: readonly string[];
}

const known = new WeakMap<Pod, PodTexts>();

/** What a pod and its addresses are called. This node's pods are asked for it at every event, so it is made once. */
export function podTexts(pod: Pod): PodTexts {
  const texts = known.get(pod) ?? { key: podKey(pod), addresses: pod.addresses.map(formatAddress) };
  known.set(pod, texts);
  return texts;
}
