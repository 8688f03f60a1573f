import { clusterFrom, diffClusters, readManifests } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { readGithubCommand } from "../testing.ts";
import { diffGithub } from "./diff-github.ts";

const pods = ["a", "b"].map((name) => `{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: ${name}}}`);
const policy = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: x, name: p}, spec: {}}";

function clusterOf(...documents: readonly string[]) {
  return clusterFrom(readManifests([{ name: "a.yaml", text: documents.join("\n---\n") }]).objects);
}

describe("a diff as annotations", () => {
  it("warns of what opens, and mentions what closes", () => {
    const [open, closed] = [clusterOf(...pods), clusterOf(...pods, policy)];
    const levels = (text: string) => text.split("\n").map((line) => readGithubCommand(line)?.level);
    expect(levels(diffGithub(diffClusters(closed, open)))).toEqual(["warning", "warning", undefined, undefined]);
    const closing = diffGithub(diffClusters(open, closed)).split("\n");
    expect(readGithubCommand(closing[0] ?? "")).toEqual({
      level: "notice",
      properties: { title: "closed from outside" },
      message: "- every address -> all of x  all",
    });
    expect(closing.at(-2)).toMatch(/^connections close between \d+ pairs of ends$/);
  });
});
