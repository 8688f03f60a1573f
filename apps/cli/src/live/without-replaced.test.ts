import {
  type ApiObject,
  applyWhatIf,
  clusterFrom,
  diffClusters,
  podKey,
  readManifests,
  replicasBeside,
} from "@podwall/engine";
import { diffText, plainStyle } from "@podwall/report";
import { describe, expect, it } from "vitest";
import { asExpanded } from "./as-expanded.ts";
import { withWorkloads } from "./load-live.ts";
import { withoutReplaced } from "./without-replaced.ts";

const pod = (name: string): string =>
  JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { namespace: "shop", name } });
const web = { kind: "Deployment", name: "web" } as const;
const running = withWorkloads(
  readManifests([{ name: "pods", text: ["web-5d9c-a", "web-5d9c-b", "db-0"].map(pod).join("\n---\n") }]).objects,
  new Map(["a", "b"].map((end) => [podKey({ namespace: "shop", name: `web-5d9c-${end}` }), web])),
);

function changed(name: string, before = running): readonly ApiObject[] {
  const template = { metadata: { labels: { app: name } }, spec: { containers: [{ name: "c", image: "none" }] } };
  const object = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace: "shop", name },
    spec: { template },
  };
  const { objects, problems, diagnostics } = applyWhatIf(before, [{ name: "change", text: JSON.stringify(object) }]);
  expect([problems, diagnostics]).toEqual([[], []]);
  return withoutReplaced(objects);
}

describe("a workload in a change to a cluster", () => {
  it("takes the place of its pods", () => {
    const names = clusterFrom(changed("web")).pods.map(({ name }) => name);
    expect(names.toSorted()).toEqual(["db-0", "web-1"]);
    const before = asExpanded(running);
    const after = clusterFrom(changed("web", before), { replicas: replicasBeside(before) });
    const diff = diffClusters(clusterFrom(before), after);
    expect(diffText(diff, plainStyle)).toBe("no connection opens or closes");
  });

  it("is two pods at most in a comparison, named as if it came from a manifest", () => {
    const names = (objects: readonly ApiObject[]) => objects.map(({ name }) => name).toSorted();
    expect(names(asExpanded(running))).toEqual(["db-0", "web-1", "web-2"]);
    const other = running.map((one) => (one.name.endsWith("b") ? { ...one, hostNetwork: true } : one));
    expect(names(asExpanded(other as readonly ApiObject[]))).toEqual(["db-0", "web-1", "web-2"]);
  });

  it("that is new comes besides all pods", () => {
    expect(clusterFrom(changed("api")).pods.map(({ name }) => name)).toHaveLength(4);
  });
});
