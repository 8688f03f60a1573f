import type { ApiObject, ContainerPort, Labels, Pod } from "@podwall/engine";

/** So many different parts of a sort are remembered; then it begins anew, and later ones are not shared with earlier ones. */
const most = 4_096;
/** Longer ones are nobody's but a hostile pod's, and are not remembered. */
const longest = 4_096;

/**
 * Makes parts that are equal the same object, as they are in all pods of a workload. An API server lists those one after the
 * other, and a rollout makes them together, so that little is to be remembered.
 */
export class SharedParts {
  readonly #texts = new Map<string, string>();
  readonly #labels = new Map<string, Labels>();
  readonly #ports = new Map<string, readonly ContainerPort[]>();

  /** The same pod in less memory; any other object as it is. */
  share(object: ApiObject): ApiObject {
    if (object.kind !== "Pod") return object;
    const { namespace, labels, ports, node } = object;
    const shared: Pod = {
      ...object,
      namespace: remembered(this.#texts, namespace, namespace),
      labels: remembered(this.#labels, JSON.stringify([...labels]), labels),
      ports: remembered(this.#ports, JSON.stringify(ports), ports),
    };
    return node === undefined ? shared : { ...shared, node: remembered(this.#texts, node, node) };
  }
}

function remembered<Part>(parts: Map<string, Part>, text: string, part: Part): Part {
  const known = parts.get(text);
  if (known !== undefined) return known;
  if (text.length > longest) return part;
  if (parts.size >= most) parts.clear();
  parts.set(text, part);
  return part;
}
