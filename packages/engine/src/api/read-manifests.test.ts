import { describe, expect, it } from "vitest";
import { readManifests } from "./read-manifests.ts";

const namespace = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n";

describe("readManifests", () => {
  it("reads several files and adds up what it passes over", () => {
    const secret = "apiVersion: v1\nkind: Secret\n";
    const { objects, ignored } = readManifests([
      { name: "a.yaml", text: `${namespace}---\n${secret}` },
      { name: "b.json", text: '{"apiVersion": "v1", "kind": "Secret"}' },
      { name: "c.yaml", text: secret },
    ]);
    expect(objects).toMatchObject([{ kind: "Namespace", range: { file: { name: "a.yaml" } } }]);
    expect([...ignored]).toEqual([["Secret", 3]]);
  });

  it("reports two objects of one name that differ, at both, and the later stands", () => {
    const { objects, diagnostics } = readManifests([
      { name: "a.yaml", text: namespace },
      { name: "b.yaml", text: `${namespace}  labels: {team: a}\n` },
    ]);
    expect(objects).toMatchObject([{ name: "shop", range: { file: { name: "b.yaml" } } }]);
    expect(diagnostics).toMatchObject([
      { code: "PW1014", range: { file: { name: "b.yaml" } }, related: [{ range: { file: { name: "a.yaml" } } }] },
    ]);
  });

  it("says nothing of two that are alike, or that differ in namespace or kind", () => {
    const pod = (where: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: shop, namespace: ${where}}\n`;
    const files = [namespace, namespace, pod("a"), pod("b")].map((text, index) => ({ name: `${index}.yaml`, text }));
    const { objects, diagnostics } = readManifests(files);
    expect(objects).toHaveLength(3);
    expect(diagnostics).toEqual([]);
  });

  it("reads of a large list what it reads of its items one by one", () => {
    const items = Array.from({ length: 12_000 }, (_, index) => ({
      apiVersion: "v1",
      kind: index % 3 === 0 ? "Secret" : "Namespace",
      metadata: { name: `shop-${index}`, labels: { team: index === 4 ? "a b" : index === 5 ? 6 : "a" } },
    }));
    const list = { apiVersion: "v1", items, kind: "List", metadata: { resourceVersion: "" } };
    const summary = (text: string): unknown => {
      const { objects, diagnostics, ignored } = readManifests([{ name: "a.json", text }]);
      return [objects.map(({ name }) => name), diagnostics.map(({ message }) => message), [...ignored]];
    };
    const one = JSON.stringify(list);
    expect(one.length).toBeGreaterThan(1_000_000);
    expect(summary(one)).toEqual(summary(items.map((item) => JSON.stringify(item)).join("\n---\n")));
  });
});

describe("objects that name no namespace", () => {
  const text = ["web", "other/web"].map((path) => {
    const [name, namespace] = path.split("/").toReversed();
    return JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name, namespace } });
  });

  it("are in the one that their file is for, or in default", () => {
    const namespacesIn = (file: { readonly namespace?: string }) =>
      readManifests([{ name: "a.yaml", text: text.join("\n---\n"), ...file }]).objects.map((object) =>
        "namespace" in object ? object.namespace : "",
      );
    expect(namespacesIn({})).toEqual(["default", "other"]);
    expect(namespacesIn({ namespace: "shop" })).toEqual(["shop", "other"]);
  });
});
