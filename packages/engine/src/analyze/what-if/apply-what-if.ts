import type { ApiObject } from "../../model/api-object.ts";
import { decodeObjects } from "../../api/decode-objects.ts";
import type { Field } from "../../api/field.ts";
import { flattenLists } from "../../api/flatten-lists.ts";
import { nearest } from "../../api/nearest.ts";
import { defaultNamespace } from "../../api/object-meta.ts";
import { child, descendant, entriesOf } from "../../api/read-field.ts";
import { readString } from "../../api/read-scalar.ts";
import type { Diagnostic } from "../../source/diagnostic.ts";
import { parse } from "../../source/parse.ts";
import { type SourceFile, formatRange } from "../../source/source-file.ts";
import type { SourceNode } from "../../source/source-node.ts";

/** Marks an object of a change as one to take away. */
export const removeAnnotation = "podwall.dev/remove";

export interface WhatIf {
  readonly objects: readonly ApiObject[];
  readonly diagnostics: readonly Diagnostic[];
  /** What is to be removed and is not there. */
  readonly problems: readonly string[];
}

/**
 * Objects as they would be after a change: those of the files are added, or take the place of those of their kind,
 * namespace and name; those with the annotation `podwall.dev/remove: "true"`, which need no `spec`, go.
 */
export function applyWhatIf(objects: readonly ApiObject[], files: readonly SourceFile[]): WhatIf {
  const byIdentity = new Map(objects.map((object) => [identityOf(object), object]));
  const diagnostics: Diagnostic[] = [];
  const problems: string[] = [];
  for (const file of files) {
    const { documents, diagnostics: syntax } = parse(file);
    diagnostics.push(...syntax);
    const added: SourceNode[] = [];
    for (const document of documents) {
      const all = [...flattenLists(document)];
      const removals = all.filter(({ root }) => isRemoval(root));
      // A list as a whole says what its items are.
      if (removals.length === 0) added.push(document);
      else for (const object of all) if (!removals.includes(object) && object.root.node) added.push(object.root.node);
      for (const { root, kind } of removals) {
        const identity = [...identities(root, kind)].find((one) => byIdentity.has(one));
        if (identity !== undefined) byIdentity.delete(identity);
        else problems.push(nothingToRemove(root, kind, [...byIdentity.keys()]));
      }
    }
    const decoded = decodeObjects(added);
    diagnostics.push(...decoded.diagnostics);
    for (const object of decoded.objects) byIdentity.set(identityOf(object), object);
  }
  return { objects: [...byIdentity.values()], diagnostics, problems };
}

function identityOf(object: ApiObject): string {
  return `${object.kind} ${"namespace" in object ? `${object.namespace}/` : ""}${object.name}`;
}

function isRemoval(root: Field): boolean {
  const annotations = entriesOf(descendant(root, "metadata", "annotations"));
  return annotations.some(
    ({ key, value }) => key === removeAnnotation && value.kind === "scalar" && value.text === "true",
  );
}

/** An object of a namespace, or one of the whole cluster. */
function* identities(root: Field, kind: string): Generator<string> {
  const metadata = child(root, "metadata");
  const quiet = { ...metadata, problems: [] };
  const name = readString(child(quiet, "name")) ?? "";
  yield `${kind} ${readString(child(quiet, "namespace")) ?? defaultNamespace(metadata.range)}/${name}`;
  yield `${kind} ${name}`;
}

function nothingToRemove(root: Field, kind: string, known: readonly string[]): string {
  const [identity = ""] = identities(root, kind);
  const meant = nearest(identity, known);
  const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
  return `${formatRange(root.range)}: there is no ${identity} in the input to remove${hint}`;
}
