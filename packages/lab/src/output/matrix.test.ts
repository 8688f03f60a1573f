import { readManifests } from "@podwall/engine";
import { expect, it } from "vitest";
import { SceneSetter } from "../place/scene.ts";
import { predictAll } from "../session/running-lab.ts";
import { renderMatrix } from "./matrix.ts";

const plain = (text: string): string => text;
const style = { good: plain, bad: plain, warn: plain, dim: plain };

it("shortens names that would push the marks off the screen, and keeps both their ends", () => {
  const long = `first-${"x".repeat(200)}-last`;
  const text = [long, "short"]
    .map((name) => `{apiVersion: v1, kind: Pod, metadata: {namespace: demo, name: ${name}}}`)
    .join("\n---\n");
  const { objects } = readManifests([{ name: "test.yaml", text }]);
  const scene = new SceneSetter(objects, { nodes: 1, replicas: 1, families: [4] }).set(objects);
  const lines = renderMatrix(predictAll(scene), style).split("\n");
  expect(lines.find((line) => line.includes("first"))).toMatch(/^1 demo\/first-x+…x+-last {2}/);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(80);
});
