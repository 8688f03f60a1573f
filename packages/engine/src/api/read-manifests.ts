import { diagnostic } from "../source/catalogue.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import { documentsOf, type FoundWrong } from "../source/parse.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { ApiObject } from "../model/api-object.ts";
import type { OtherObject } from "../model/other-object.ts";
import { type AnyPolicy, closedPoliciesOf, losesMore } from "./closed-object.ts";
import { type DecodedObjects, decodeObjects } from "./decode-objects.ts";
import type { IgnoreNote } from "./ignore-note.ts";

export interface ReadManifests extends DecodedObjects {
  /** Why texts are no YAML of which more may be lost than what stands in for a policy. */
  readonly lost: readonly Diagnostic[];
}

/**
 * Reads manifests from text to objects. Never throws on bad text: what is wrong is in the diagnostics, and what is
 * right is read. Of objects with one identity the later stands, as when both are applied.
 *
 * @example readManifests([{ name: "a.yaml", text }]).objects
 */
export function readManifests(files: readonly SourceFile[]): ReadManifests {
  const diagnostics: Diagnostic[] = [];
  const lost: Diagnostic[] = [];
  const objects: ApiObject[] = [];
  const ignored = new Map<string, number>();
  const leftOut = new Map<string, number>();
  const others: OtherObject[] = [];
  const notes: IgnoreNote[] = [];
  let own = 0;
  for (const file of files) {
    const wrong: FoundWrong = { diagnostics: [], broken: [] };
    const decoded = decodeObjects(documentsOf(file, wrong, { lists: "in pieces" }));
    const closed = new Map(wrong.broken.map((document) => [document.reason, closedPoliciesOf(document)]));
    for (const document of wrong.broken)
      if (losesMore(document, closed.get(document.reason) ?? [])) lost.push(document.reason);
    for (const object of [...decoded.objects, ...[...closed.values()].flat()]) objects.push(object);
    for (const problem of wrong.diagnostics) diagnostics.push(sayWhatIsClosed(problem, closed.get(problem)?.[0]));
    for (const problem of decoded.diagnostics) diagnostics.push(problem);
    for (const note of decoded.notes) notes.push(note);
    addCounts(ignored, decoded.ignored);
    addCounts(leftOut, decoded.leftOut);
    for (const other of decoded.others) others.push(other);
    own += decoded.own;
  }
  const { kept, duplicates } = withoutDuplicates(objects);
  return { objects: kept, diagnostics: [...diagnostics, ...duplicates], ignored, leftOut, others, notes, own, lost };
}

/** Adds counts by kind to others. */
export function addCounts(sums: Map<string, number>, counts: ReadonlyMap<string, number>): void {
  for (const [kind, count] of counts) sums.set(kind, (sums.get(kind) ?? 0) + count);
}

/** Adds to the first error of a document that is no YAML what becomes of the policy in it. */
function sayWhatIsClosed(problem: Diagnostic, policy: AnyPolicy | undefined): Diagnostic {
  if (policy === undefined) return problem;
  const where = policy.kind === "NetworkPolicy" ? `namespace ${policy.namespace}` : "the cluster";
  const consequence = `until then ${policy.kind} ${policy.name} closes every pod of ${where}`;
  return { ...problem, help: problem.help === undefined ? consequence : `${problem.help}; ${consequence}` };
}

function withoutDuplicates(objects: readonly ApiObject[]): { kept: readonly ApiObject[]; duplicates: Diagnostic[] } {
  const byIdentity = new Map<string, ApiObject>();
  const duplicates: Diagnostic[] = [];
  for (const object of objects) {
    const identity = `${object.kind} ${"namespace" in object ? `${object.namespace}/` : ""}${object.name}`;
    const earlier = byIdentity.get(identity);
    if (earlier !== undefined) {
      if (meaningOf(earlier) !== meaningOf(object)) duplicates.push(duplicateOf(object, earlier, identity));
      byIdentity.delete(identity);
    }
    byIdentity.set(identity, object);
  }
  return { kept: [...byIdentity.values()], duplicates };
}

/** Equal for objects that differ in nothing podwall uses: charts often give a Namespace twice. */
function meaningOf(object: ApiObject): string {
  return JSON.stringify(object, (key, value: unknown) =>
    key === "range" || key === "written"
      ? undefined
      : value instanceof Map
        ? [...value].sort(([a], [b]) => (a < b ? -1 : 1))
        : value,
  );
}

function duplicateOf(object: ApiObject, earlier: ApiObject, identity: string): Diagnostic {
  return diagnostic("PW1014", `${identity} is given twice; this one replaces the earlier one`, {
    range: object.range,
    related: earlier.range === undefined ? undefined : [{ message: "first given here", range: earlier.range }],
    help: "remove one of the two, or give one another name or namespace",
  });
}
