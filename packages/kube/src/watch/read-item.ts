import { isUtf8 } from "node:buffer";
import type { KubeObject } from "../client/kube-object.ts";
import { checkObject } from "../client/read-object.ts";
import { keyInStart } from "./key-in-start.ts";
import type { ObjectKey } from "./watch-event.ts";

/** Keeps of an object what is needed; undefined where the object is of no interest. May throw. */
export type Decode<Kept> = (object: KubeObject) => Kept | undefined;

export type ReadItem<Kept> =
  | { readonly kind: "object"; readonly key: ObjectKey; readonly version: string; readonly kept: Kept | undefined }
  /** With a key where one could be made out. */
  | {
      readonly kind: "unreadable";
      readonly key: ObjectKey | undefined;
      readonly version: string;
      readonly why: string;
    };

/** JSON of the API; a text that says what is wrong where it is none. */
export function parseBytes(bytes: Buffer): { readonly value: unknown } | { readonly why: string } {
  if (!isUtf8(bytes)) return { why: "it is not UTF-8" };
  try {
    return { value: JSON.parse(bytes.toString("utf8")) };
  } catch (error) {
    return { why: `it is not JSON: ${(error as Error).message}` };
  }
}

/** Applies `decode`, so that of the whole object nothing else stays. */
export function readItem<Kept>(value: unknown, decode: Decode<Kept>): ReadItem<Kept> {
  const checked = checkObject(value);
  if (checked.kind === "bad") return { kind: "unreadable", key: undefined, version: "", why: checked.why };
  const { name, namespace, resourceVersion: version } = checked.object.metadata;
  const key = namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
  try {
    return { kind: "object", key, version, kept: decode(checked.object) };
  } catch (error) {
    return { kind: "unreadable", key, version, why: error instanceof Error ? error.message : String(error) };
  }
}

/** An item that is not even JSON, or was too long to be looked at. */
export function unreadable(start: Buffer, why: string): ReadItem<never> {
  return { kind: "unreadable", key: keyInStart(start), version: "", why };
}
