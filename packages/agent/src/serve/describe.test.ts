import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Served, metricsText, stateDocument } from "./describe.ts";
import { AgentMetrics } from "./metrics.ts";

const metrics = new AgentMetrics();
metrics.lastApplySeconds = 0.25;

const served: Served = {
  node: "node-1",
  agent: {
    applied: undefined,
    failing: undefined,
    pending: true,
    pendingMs: 1_500,
    troubles: new Map([
      ["pods", "pods: no connection"],
      ["Pod shop/web", "its labels are no mapping"],
    ]),
  },
  source: {
    follow: async () => undefined,
    snapshot: () => undefined,
    progress: () =>
      new Map([
        ["pods", { synced: true, objects: 7 }],
        ["nodes", { synced: true, objects: 2 }],
      ]),
  },
  metrics,
  bypasses: { found: [] },
  denied: async () => ({ flows: 3, packets: { egress: 5, ingress: 0 } }),
};

describe("what an agent tells of itself", () => {
  it("names the kinds that it cannot follow, the objects that it cannot read, and for how long a change waits", async () => {
    const text = await metricsText(served);
    expect(text).toContain('podwall_source_failing{kind="pods"} 1\npodwall_source_failing{kind="nodes"} 0\n');
    expect(text).toContain("podwall_objects_unreadable 1\n");
    expect(text).toContain("podwall_pending_seconds 1.5\n");
    expect(text).toContain('podwall_denied_packets{direction="egress"} 5\n');
    expect(stateDocument(served)).toMatchObject({
      troubles: [{ about: "pods", message: "pods: no connection" }, { about: "Pod shop/web" }],
    });
  });

  it("leaves out what was denied where it was not read yet", async () => {
    expect(await metricsText({ ...served, denied: async () => undefined })).not.toContain("podwall_denied");
  });

  it("has each metric in the page for who is paged", async () => {
    const page = readFileSync(join(import.meta.dirname, "../../../../docs/operating.md"), "utf8");
    const names = [...(await metricsText(served)).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});
