import { createHash } from "node:crypto";
import { readManifests } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { oneFile, wholeRepository } from "./check-files.ts";

describe("what `podwall check` is measured on", () => {
  it("is 13,000 documents and 10 MB of all kinds, the same ones each time", () => {
    const { files, documents } = wholeRepository();
    const { objects, diagnostics, ignored } = readManifests(files.map(({ path, text }) => ({ name: path, text })));
    const hash = createHash("sha256");
    for (const { path, text } of files) hash.update(`${path}\0${text}\0`);
    expect(documents).toBeGreaterThanOrEqual(13_000);
    expect(files.reduce((bytes, { text }) => bytes + text.length, 0)).toBeGreaterThanOrEqual(10_000_000);
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect([...new Set(objects.map(({ kind }) => kind))].sort()).toEqual(
      ["ClusterNetworkPolicy", "Deployment", "Namespace", "NetworkPolicy", "Node", "Pod", "Service"].sort(),
    );
    expect([...ignored.keys()].sort()).toEqual(["ConfigMap", "ServiceAccount"]);
    expect(hash.digest("hex").slice(0, 16)).toBe("5067ee33ca95ec21");
  });

  it("is also one file with an application and its policy", () => {
    const { files, documents } = oneFile();
    expect([files.length, documents]).toEqual([1, 4]);
    expect(readManifests(files.map(({ path, text }) => ({ name: path, text }))).diagnostics).toEqual([]);
  });
});
