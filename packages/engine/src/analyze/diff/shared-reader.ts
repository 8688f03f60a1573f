import type { IgnoreNote } from "../../api/ignore-note.ts";
import { type ReadManifests, addCounts, readManifests } from "../../api/read-manifests.ts";
import type { ApiObject } from "../../model/api-object.ts";
import type { OtherObject } from "../../model/other-object.ts";
import type { Diagnostic } from "../../source/diagnostic.ts";
import type { SourceFile } from "../../source/source-file.ts";

/**
 * Reads as `readManifests`, and a text only once: two states of a cluster have most files in common. What is found in a
 * text is then said to be in the file that was read first.
 */
export class SharedReader {
  readonly #byText = new Map<string, ReadManifests>();

  read(files: readonly SourceFile[]): ReadManifests {
    const objects = new Map<string, ApiObject>();
    const diagnostics: Diagnostic[] = [];
    const ignored = new Map<string, number>();
    const leftOut = new Map<string, number>();
    const others: OtherObject[] = [];
    const notes: IgnoreNote[] = [];
    let own = 0;
    const lost: Diagnostic[] = [];
    for (const file of files) {
      const found = this.#readOne(file);
      for (const object of found.objects) {
        const identity = `${object.kind} ${"namespace" in object ? `${object.namespace}/` : ""}${object.name}`;
        // Which of two stands, and whether that is a mistake, is told of all files together.
        if (objects.has(identity)) return readManifests(files);
        objects.set(identity, object);
      }
      diagnostics.push(...found.diagnostics);
      notes.push(...found.notes);
      lost.push(...found.lost);
      addCounts(ignored, found.ignored);
      addCounts(leftOut, found.leftOut);
      others.push(...found.others);
      own += found.own;
    }
    return { objects: [...objects.values()], diagnostics, ignored, leftOut, others, notes, own, lost };
  }

  #readOne(file: SourceFile): ReadManifests {
    const known = this.#byText.get(file.text);
    if (known !== undefined) return known;
    const read = readManifests([file]);
    this.#byText.set(file.text, read);
    return read;
  }
}
