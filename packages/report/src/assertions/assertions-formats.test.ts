import { clusterFrom, judgeAssertions, readAssertions, readManifests } from "@podwall/engine";
import { marked } from "marked";
import { describe, expect, it } from "vitest";
import { hostile, readGithubCommand, readXml } from "../testing.ts";
import { assertionsGithub } from "./assertions-github.ts";
import { assertionsJunit } from "./assertions-junit.ts";
import { assertionsMarkdown } from "./assertions-markdown.ts";

const cluster = clusterFrom(
  readManifests([
    {
      name: "pods.yaml",
      text: "{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: a}}\n---\n{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: b}}",
    },
  ]).objects,
);

function judged(name: string) {
  const allow = { allow: { from: "x/a", to: "x/b" }, name: "good" };
  const deny = { deny: { from: "x/a", to: "x/b" }, name };
  const text = JSON.stringify({ assertions: [allow, deny] });
  const { assertions, diagnostics } = readAssertions({ name: "podwall-test.yaml", text });
  expect(diagnostics).toEqual([]);
  return judgeAssertions(cluster, assertions);
}

describe("results of assertions", () => {
  it("are annotations of what failed, with the reasons", () => {
    const lines = assertionsGithub(cluster, judged("closed")).trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    const command = readGithubCommand(lines[0] ?? "");
    expect(command).toMatchObject({ level: "error", properties: { file: "podwall-test.yaml", title: "closed" } });
    expect(command?.message).toContain("may\nx/a -> x/b");
    expect(lines[1]).toBe("2 assertions: 1 passed, 1 failed");
  });

  it("are a table in Markdown, with what failed below", () => {
    const markdown = assertionsMarkdown(cluster, judged("closed"));
    expect(markdown).toContain("| ok | good | 1 |\n| **failed** | closed | 1 |");
    expect(markdown).toContain("#### closed\n\npodwall-test.yaml:1:");
    expect(markdown).toContain("```text\nx/a -> x/b");
  });

  it("are as they are written, whatever is in them", () => {
    const results = judged(hostile.replace("\ud800", ""));
    const [first = "", ...rest] = assertionsGithub(cluster, results).trimEnd().split("\n");
    expect(readGithubCommand(first)?.properties).toMatchObject({ title: hostile.replace("\ud800", "") });
    expect(rest).toHaveLength(1);
    expect(readXml(assertionsJunit(cluster, results)).children[0]?.children).toHaveLength(2);
    const html = marked.parse(assertionsMarkdown(cluster, results), { async: false });
    expect(html).not.toMatch(/<(script|a|b|!--)/);
    expect(html.match(/<td/g)).toHaveLength(6);
  });
});
