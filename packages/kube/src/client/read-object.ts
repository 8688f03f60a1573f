import { asMapping } from "../as-mapping.ts";
import { KubeError } from "./kube-error.ts";
import type { KubeObject } from "./kube-object.ts";

/** A single object that the server answered. Throws a `KubeError` where it has no name. */
export function readObject(value: unknown): KubeObject {
  const object = checkObject(value);
  if (object.kind === "object") return object.object;
  throw new KubeError("garbled", `the server answered with what is no object: ${object.why}`);
}

export type CheckedObject =
  | { readonly kind: "object"; readonly object: KubeObject }
  | { readonly kind: "bad"; readonly why: string };

/** Whether the value is what every object of the API is. */
export function checkObject(value: unknown): CheckedObject {
  const metadata = asMapping(asMapping(value)?.["metadata"]);
  if (metadata === undefined) return { kind: "bad", why: "it has no metadata" };
  const { name, namespace, resourceVersion } = metadata;
  if (typeof name !== "string" || name === "") return { kind: "bad", why: "its metadata.name is missing" };
  if (namespace !== undefined && typeof namespace !== "string") {
    return { kind: "bad", why: "its metadata.namespace is no text" };
  }
  if (typeof resourceVersion !== "string" || resourceVersion === "") {
    return { kind: "bad", why: "its metadata.resourceVersion is missing" };
  }
  return { kind: "object", object: value as KubeObject };
}
