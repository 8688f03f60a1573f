import { readManifests } from "@podwall/engine";
import { expect, it } from "vitest";
import { SceneSetter } from "../place/scene.ts";
import type { LabContext } from "./lab-context.ts";
import { Reporter } from "./reporter.ts";
import { predictAll } from "./running-lab.ts";

const manifests = `{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: a}}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: b}, spec: {containers: [{name: c, ports: [{containerPort: 80}]}]}}`;

/** A reporter at a terminal, and what it has written. */
function atTerminal(format: "text" | "json"): { readonly reporter: Reporter; readonly written: readonly string[] } {
  const written: string[] = [];
  const terminal = { isTTY: true, write: (text: string): void => void written.push(text) };
  const plain = (text: string): string => text;
  const context: LabContext = {
    process: { stdout: terminal, stderr: terminal },
    cwd: "/",
    readStdin: () => Promise.resolve(""),
    printable: (text) => text.replaceAll("\u001b", "ESC"),
    styleFor: () => ({ good: plain, bad: plain, warn: plain, dim: plain }),
    diagnosticText: ({ message }) => message,
    verdictText: (_cluster, _verdict, output) => (output.isTTY === true ? "in colour" : "plain"),
  };
  return { reporter: new Reporter(context, format), written };
}

it("writes JSON without colours even to a terminal", () => {
  const { objects } = readManifests([{ name: "test.yaml", text: manifests }]);
  const scene = new SceneSetter(objects, { nodes: 1, replicas: 1, families: [4] }).set(objects);
  const { reporter, written } = atTerminal("json");
  const lost = { outcome: "timeout", tookMs: 1 } as const;
  reporter.round(
    scene,
    predictAll(scene).map((predicted) => ({ ...predicted, answer: lost, retries: 1 })),
    [],
  );
  const { mismatches } = JSON.parse(written.join("")) as { mismatches: { explanation: string }[] };
  expect(mismatches.length).toBeGreaterThan(0);
  expect(new Set(mismatches.map(({ explanation }) => explanation))).toEqual(new Set(["plain"]));
});

it("makes names in notes harmless for a terminal", () => {
  const { reporter, written } = atTerminal("text");
  reporter.notes(["policy \u001b[2J cannot be used"]);
  expect(written.join("")).toBe("note: policy ESC[2J cannot be used\n");
});

it("says that the lab has ended on a line of its own, after progress", () => {
  const { reporter, written } = atTerminal("text");
  reporter.progress.show("starting pods: 1 of 2");
  reporter.interrupted();
  expect(written.join("")).toMatch(/\r\u001b\[Kthe lab has ended; nothing of it is left\n$/);
});
