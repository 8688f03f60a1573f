import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildTimeoutMs } from "./support/kube-binaries.ts";
import { findHelm, findKubectl } from "./support/render-programs.ts";

const program = join(import.meta.dirname, "../../apps/cli/bin/podwall.mjs");
const kubectl = findKubectl();

describe("a folder that another program renders", () => {
  let folder: string;
  /** Programs that may be found, and nothing else. */
  let path: string;

  let helm: string | undefined;

  beforeAll(async () => {
    helm = await findHelm();
    folder = mkdtempSync(join(tmpdir(), "podwall-render-"));
    path = join(folder, "bin");
    write("bin/.keep", "");
    symlinkSync(process.execPath, join(path, "node"));
    write("chart/Chart.yaml", "{apiVersion: v2, name: shop, version: 1.0.0}");
    write("chart/values.yaml", "port: 80");
    write("chart/templates/pod.yaml", podText("{{ .Release.Namespace }}"));
    write("chart/templates/policy.yaml", policyText("{{ .Values.port }}", "{{ .Values.protocol | default `TCP` }}"));
    write(
      "chart/templates/tests/t.yaml",
      podText("test").replace("metadata: {", "metadata: {annotations: {helm.sh/hook: test}, "),
    );
    write("good.yaml", "port: 8080");
    write("bad.yaml", "protocol: tcp");
    write("base/kustomization.yaml", "resources: [pod.yaml, policy.yaml]");
    write("base/pod.yaml", podText("default"));
    write("base/policy.yaml", policyText("80", "TCP"));
    write("overlay/kustomization.yml", "resources: [../base]\nnamespace: production");
  }, buildTimeoutMs);
  afterAll(() => rmSync(folder, { recursive: true }));

  function podText(namespace: string): string {
    return `apiVersion: v1\nkind: Pod\nmetadata: {namespace: "${namespace}", name: web}\n`;
  }

  function policyText(port: string, protocol: string): string {
    const spec = `spec:\n  podSelector: {}\n  ingress:\n    - ports: [{port: ${port}, protocol: ${protocol}}]\n`;
    return `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}\n${spec}`;
  }

  function write(name: string, text: string): void {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }

  function podwall(line: string, stdin = ""): Promise<{ code: number | null; stdout: string; stderr: string }> {
    return new Promise((resolve, reject) => {
      const env = { PATH: path, HOME: folder };
      const child = spawn(process.execPath, [program, ...line.split(" ")], { cwd: folder, env });
      const written = { stdout: "", stderr: "" };
      child.stdout.on("data", (chunk: Buffer) => (written.stdout += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (written.stderr += chunk.toString()));
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, ...written }));
      child.stdin.end(stdin);
    });
  }

  /** For one test: a program in the path; a script, or another place's. */
  async function having(
    name: string,
    is: { script: string } | { at: string },
    test: () => Promise<void>,
  ): Promise<void> {
    const at = join(path, name);
    if ("at" in is) symlinkSync(is.at, at);
    else {
      writeFileSync(at, is.script);
      chmodSync(at, 0o755);
    }
    try {
      await test();
    } finally {
      rmSync(at);
    }
  }

  it("is refused where that program is not there, with a way around", async () => {
    const chart = await podwall("check chart");
    expect([chart.code, chart.stdout]).toEqual([3, ""]);
    expect(chart.stderr).toContain("chart is a Helm chart, and there is no `helm` here");
    expect(chart.stderr).toContain("helm template chart | podwall check -f -");
    const overlay = await podwall("map -f overlay");
    expect([overlay.code, overlay.stderr]).toEqual([3, expect.stringContaining("kubectl kustomize overlay | podwall")]);
  });

  it("is a chart that the real helm renders, with values and for a namespace", async (context) => {
    if (helm === undefined) return context.skip("allowed: there is neither helm nor a Go to build it here");
    await having("helm", { at: helm }, async () => {
      const { code, stdout } = await podwall("map -f chart -n shop --values good.yaml --format csv");
      expect(code).toBe(0);
      expect(stdout).toContain("outside,shop/web,TCP,8080,no");
      // Tests of a chart are pods that are not there for long.
      expect(stdout).not.toContain("test/web");
      const bad = await podwall("check chart --values bad.yaml --format json");
      expect(bad.code).toBe(1);
      expect(JSON.parse(bad.stdout)).toMatchObject({
        diagnostics: [{ code: "PW2004", place: { file: "chart/templates/policy.yaml (rendered)" } }],
      });
      const diff = await podwall("diff chart base/pod.yaml --values good.yaml");
      expect(diff.code).toBe(1);
    });
  });

  it("is a kustomization that the real kubectl renders", async (context) => {
    if (kubectl === undefined) return context.skip("allowed: there is no kubectl here");
    await having("kubectl", { at: kubectl }, async () => {
      const { code, stdout } = await podwall("map -f overlay --format csv");
      expect(code).toBe(0);
      expect(stdout).toContain("outside,production/web,TCP,80,no");
      write("broken/kustomization.yaml", "resources: [nowhere.yaml]");
      const broken = await podwall("check broken");
      expect(broken.code).toBe(2);
      expect(broken.stderr).toMatch(/^podwall: broken: `kubectl kustomize` failed: .*nowhere\.yaml/);
    });
  });

  it("is given to helm by its whole path, and to nothing else", async () => {
    const script =
      '#!/bin/sh\nfor each; do echo "# $each"; done\necho "{apiVersion: v1, kind: Pod, metadata: {name: a}}"\n';
    await having("helm", { script }, async () => {
      const { stdout } = await podwall("check chart -n shop --values good.yaml --values bad.yaml --format json");
      expect(JSON.parse(stdout)).toMatchObject({ ok: true, coverage: { objects: 1 } });
    });
    const refuse = { script: '#!/bin/sh\necho "$@" >&2\nexit 1\n' };
    await having("helm", refuse, async () => {
      const { code, stderr } = await podwall("check chart -n shop --values good.yaml --values bad.yaml");
      expect(code).toBe(2);
      const args = `template chart ${folder}/chart --skip-tests --namespace shop --values ${folder}/good.yaml --values ${folder}/bad.yaml`;
      expect(stderr).toBe(`podwall: chart: \`helm template\` failed: ${args}\n`);
    });
  });

  it("may not be rendered to more than a bound", async () => {
    const script =
      "#!/usr/bin/env node\nconst line = Buffer.alloc(1 << 20, 35);\nfor (;;) require('fs').writeSync(1, line);\n";
    await having("helm", { script }, async () => {
      const { code, stderr } = await podwall("check chart");
      expect([code, stderr]).toEqual([2, "podwall: chart: `helm template` failed: it wrote more than 256 MiB\n"]);
    });
  });

  it("is needed for values, and is not in git", async () => {
    const { code, stderr } = await podwall("check base/pod.yaml --values good.yaml");
    expect([code, stderr]).toEqual([2, "podwall: --values are for a Helm chart, and none is named\n"]);
    const git = await podwall("diff --git HEAD -f chart");
    expect([git.code, git.stderr]).toEqual([2, expect.stringContaining("which git has only unrendered")]);
  });
});
