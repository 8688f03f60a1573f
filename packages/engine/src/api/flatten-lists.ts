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
export function* flattenLists(document: SourceNode): Generator<RawObject, void, undefined> {
  // A stack of its own, since lists in lists may go as deep as the document does.
  const open: Iterator<RawObject>[] = [[rawObject(document, { apiVersion: "", kind: "" })].values()];
  for (let list = open.at(-1); list !== undefined; list = open.at(-1)) {
    const { done, value: object } = list.next();
    if (done === true) open.pop();
    else if (isList(object)) open.push(itemsOf(object));
    else yield object;
  }
}

function isList({ root, kind }: RawObject): boolean {
  return kind.endsWith("List") && child(root, "items").node?.kind === "sequence";
}

function* itemsOf({ root, apiVersion, kind }: RawObject): Generator<RawObject, void, undefined> {
  const itemKind = kind.slice(0, -"List".length);
  const inherited = { apiVersion: itemKind === "" ? "" : apiVersion, kind: itemKind };
  for (const { node } of items(child(root, "items"))) {
    if (node !== undefined) yield rawObject(node, inherited);
  }
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
