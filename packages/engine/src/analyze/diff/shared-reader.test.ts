import { describe, expect, it } from "vitest";
import { readManifests } from "../../api/read-manifests.ts";
import { SharedReader } from "./shared-reader.ts";

const file = (name: string, text: string) => ({ name, text });
const pod = (name: string): string => `{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: ${name}}}`;
const namespace = "{apiVersion: v1, kind: Namespace, metadata: {name: x}}";

describe("a reader of several states", () => {
  it("reads as readManifests, and equal texts once", () => {
    const reader = new SharedReader();
    const before = [file("a", pod("a")), file("b", `${pod("b")}\n---\n{kind: ConfigMap, apiVersion: v1}`)];
    const after = [file("c", pod("a")), file("d", `${pod("d")}\n---\n{kind: Pod}`)];
    expect(reader.read(before)).toEqual(readManifests(before));
    const read = reader.read(after);
    expect(read.objects.map(({ name }) => name)).toEqual(["a", "d"]);
    expect(read.objects[0]).toBe(reader.read(before).objects[0]);
    expect(read.diagnostics).toEqual(readManifests(after).diagnostics);
  });

  it("leaves what is given twice to readManifests", () => {
    const reader = new SharedReader();
    const twice = [file("a", `${namespace}\n---\n${pod("a")}`), file("b", namespace), file("c", pod("a"))];
    expect(reader.read(twice)).toEqual(readManifests(twice));
    const once = [twice[0] as (typeof twice)[0], file("b", pod("b"))];
    expect(reader.read(once).objects).toEqual(readManifests(once).objects);
    const other = [file("a", pod("a")), file("b", pod("a").replace("name: a", "name: a, labels: {k: v}"))];
    expect(reader.read(other).diagnostics.map(({ code }) => code)).toEqual(["PW1014"]);
  });
});
