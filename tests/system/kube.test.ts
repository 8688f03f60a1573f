import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resources } from "../../packages/kube/src/index.ts";
import { KubeApi } from "./support/kube-api.ts";
import { buildTimeoutMs, kubeLacking, withKubernetes } from "./support/kube-binaries.ts";

describe.skipIf(kubeLacking !== undefined)(withKubernetes("a real API server"), () => {
  let api: KubeApi;
  beforeAll(async () => {
    api = await KubeApi.start();
  }, buildTimeoutMs);
  afterAll(() => api.stop());
  it("answers", async () => {
    const ns = await api.admin.get(resources.namespaces, { name: "kube-system" });
    expect(ns.metadata.name).toBe("kube-system");
  });
});
