import type { SourceNode } from "../source/source-node.ts";
import type { Field } from "./field.ts";
import { child, items, rootField } from "./read-field.ts";
import { readString } from "./read-scalar.ts";

/** One object of the input, with what it says it is; a part it does not say is the empty text. */
export interface RawObject {
  readonly root: Field;
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * The objects of a document: itself, or a list's items. Items of a typed list such as PodList, as the API server
 * gives them, say no kind of their own: it is the list's.
 */
export function flattenLists(document: SourceNode): readonly RawObject[] {
  const found: RawObject[] = [];
  // A stack of its own, since lists in lists may go as deep as the document does.
  const waiting: RawObject[] = [rawObject(document, { apiVersion: "", kind: "" })];
  for (let object = waiting.pop(); object !== undefined; object = waiting.pop()) {
    const list = object.kind.endsWith("List") ? child(object.root, "items") : undefined;
    if (list?.node?.kind !== "sequence") {
      found.push(object);
      continue;
    }
    const itemKind = object.kind.slice(0, -"List".length);
    const inherited = { apiVersion: itemKind === "" ? "" : object.apiVersion, kind: itemKind };
    for (const item of items(list).toReversed()) {
      if (item.node !== undefined) waiting.push(rawObject(item.node, inherited));
    }
  }
  return found;
}

function rawObject(node: SourceNode, inherited: { readonly apiVersion: string; readonly kind: string }): RawObject {
  const root = rootField(node, []);
  const unheard = rootField(node, []);
  return {
    root,
    apiVersion: readString(child(unheard, "apiVersion")) || inherited.apiVersion,
    kind: readString(child(unheard, "kind")) || inherited.kind,
  };
}
