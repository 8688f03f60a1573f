import { describe, expect, it } from "vitest";
import { readManifests } from "../../api/read-manifests.ts";
import { applyWhatIf } from "./apply-what-if.ts";

const file = (text: string) => [{ name: "change.yaml", text }];
const objects = readManifests(
  file(`{apiVersion: v1, kind: Namespace, metadata: {name: x}}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: a, labels: {app: a}}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: x, name: p}, spec: {}}
`),
).objects;

function namesAfter(text: string): string[] {
  return applyWhatIf(objects, file(text)).objects.map(({ kind, name }) => `${kind} ${name}`);
}

const remove = (kind: string, metadata: string): string =>
  `{apiVersion: v1, kind: ${kind}, metadata: {${metadata}, annotations: {podwall.dev/remove: "true"}}}`;

describe("a change of the objects", () => {
  it("adds objects, and puts them in the place of those of their name", () => {
    const text = `{apiVersion: v1, kind: PodList, items: [{metadata: {namespace: x, name: b}}, {metadata: {namespace: x, name: a, labels: {app: z}}}]}`;
    const after = applyWhatIf(objects, file(text));
    expect([after.diagnostics, after.problems]).toEqual([[], []]);
    expect(namesAfter(text)).toEqual(["Namespace x", "Pod a", "NetworkPolicy p", "Pod b"]);
    expect(after.objects.flatMap((object) => (object.kind === "Pod" ? [[...object.labels]] : []))).toEqual([
      [["app", "z"]],
      [],
    ]);
  });

  it("removes what is marked, also in lists and of the whole cluster", () => {
    expect(namesAfter(remove("NetworkPolicy", "namespace: x, name: p"))).toEqual(["Namespace x", "Pod a"]);
    expect(namesAfter(`{apiVersion: v1, kind: List, items: [${remove("Namespace", "name: x")}]}`)).toEqual([
      "Pod a",
      "NetworkPolicy p",
    ]);
  });

  it("leaves what is not marked with true", () => {
    const text = remove("Pod", "namespace: x, name: a").replace("true", "false");
    expect(namesAfter(text)).toEqual(["Namespace x", "Pod a", "NetworkPolicy p"]);
  });

  it("says what is not there to be removed, and what was meant", () => {
    expect(applyWhatIf(objects, file(`\n${remove("NetworkPolicy", "namespace: x, name: q")}`)).problems).toEqual([
      "change.yaml:2:1: there is no NetworkPolicy x/q in the input to remove; did you mean NetworkPolicy x/p?",
    ]);
  });

  it("reports what cannot be read", () => {
    expect(applyWhatIf(objects, file("kind: [")).diagnostics).toHaveLength(1);
    expect(applyWhatIf(objects, file("{apiVersion: v1, kind: Pod, metadata: {nam: x}}")).diagnostics).not.toEqual([]);
  });
});
