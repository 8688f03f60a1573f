import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resources } from "../../packages/kube/src/index.ts";
import { KubeApi } from "./support/kube-api.ts";
import { buildTimeoutMs, kubeLacking, withKubernetes } from "./support/kube-binaries.ts";
import { bundled } from "./support/kube-bundled.ts";
import { createNamespace, forAll } from "./support/kube-objects.ts";

const pods = 10_000;
const namespaces = 50;

interface Sample {
  readonly heapBytes: number;
  readonly residentBytes: number;
  readonly peakResidentBytes: number;
  readonly objects: number;
  readonly seconds: number;
}

describe.skipIf(kubeLacking !== undefined)(withKubernetes("the memory of a watch"), () => {
  let api: KubeApi;
  beforeAll(async () => {
    api = await KubeApi.start();
  }, buildTimeoutMs);
  afterAll(() => api?.stop());

  async function measure(hold: "projected" | "whole" | "nothing"): Promise<Sample> {
    const child = spawn(process.execPath, ["--expose-gc", "--input-type=module", "-"], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { PATH: process.env["PATH"], KUBECONFIG: api.kubeconfig, HOLD: hold },
    });
    child.stdin.end(await bundled('import "./tests/system/support/kube-watch-memory.ts";'));
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
    });
    await once(child, "close");
    return JSON.parse(output) as Sample;
  }

  it(`is that of what it keeps of ${pods} pods, not of what it reads`, async () => {
    const startedAt = Date.now();
    for (let i = 0; i < namespaces; i++) await createNamespace(api.admin, `team-${i}`);
    await forAll(pods, (index) => createPod(api, index), 16);
    const madeIn = Math.round((Date.now() - startedAt) / 1000);
    const [nothing, projected, whole] = [await measure("nothing"), await measure("projected"), await measure("whole")];
    const table = { nothing, projected, whole };
    for (const [hold, { heapBytes, residentBytes, peakResidentBytes, objects, seconds }] of Object.entries(table)) {
      const [heap, resident, peak] = [heapBytes, residentBytes, peakResidentBytes].map((bytes) =>
        (bytes / 1e6).toFixed(1),
      );
      console.log(
        `${hold}: ${objects} objects, heap ${heap} MB, RSS ${resident} MB, peak ${peak} MB, ${seconds.toFixed(1)} s`,
      );
    }
    console.log(`${pods} pods made in ${madeIn} s`);
    expect(projected.objects).toBe(pods);
    expect(whole.objects).toBe(pods);
    const kept = projected.heapBytes - nothing.heapBytes;
    expect(kept / pods).toBeLessThan(2_000);
    expect(kept).toBeLessThan((whole.heapBytes - nothing.heapBytes) / 3);
    expect(projected.peakResidentBytes).toBeLessThan(160e6);
  });
});

/** As a Deployment's pod is stored: about 3 kB. */
async function createPod(api: KubeApi, index: number): Promise<void> {
  const namespace = `team-${index % namespaces}`;
  const app = `app-${index % 200}`;
  const labels = {
    "app.kubernetes.io/name": app,
    "app.kubernetes.io/version": "1.2.3",
    "pod-template-hash": "5d4f8b9c7",
  };
  const resourceAmounts = { cpu: "100m", memory: "128Mi" };
  const env = Array.from({ length: 8 }, (_, i) => ({
    name: `SETTING_${i}`,
    value: `the value of setting ${i} of ${app}`,
  }));
  await api.admin.create(
    resources.pods,
    {
      metadata: {
        name: `${app}-5d4f8b9c7-${index}`,
        labels,
        annotations: { "example.test/checksum": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
      },
      spec: {
        nodeName: `node-${index % 100}`,
        containers: [
          {
            name: "main",
            image: `registry.example.test/${app}:1.2.3`,
            env,
            ports: [
              { name: "http", containerPort: 8080 },
              { name: "metrics", containerPort: 9090 },
            ],
            resources: { requests: resourceAmounts, limits: resourceAmounts },
            livenessProbe: { httpGet: { path: "/healthz", port: "http" } },
            readinessProbe: { httpGet: { path: "/readyz", port: "http" } },
          },
        ],
      },
    },
    { namespace },
  );
}
