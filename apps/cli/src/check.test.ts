import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { runPodwall } from "./run-podwall.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Runs `podwall check` in a folder of these files. */
async function check(files: Readonly<Record<string, string>>, line: string) {
  const cwd = mkdtempSync(join(tmpdir(), "podwall-check-"));
  folders.push(cwd);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  const written = { stdout: "", stderr: "" };
  const to = (name: keyof typeof written) => ({ write: (text: string): void => void (written[name] += text) });
  const code = await runPodwall(["check", ...line.split(" ")], {
    process: { stdout: to("stdout"), stderr: to("stderr"), env: {} },
    cwd,
    readStdin: () => Promise.resolve(""),
  });
  return { code, ...written };
}

const policy = (rules: string, name = "web"): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  namespace: shop
  name: ${name}
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
${rules}
`;
const everybody = policy("    - {}");
const inert = policy("    - ports: [{port: 80}]\n  egress: [{}]");

describe("podwall check", () => {
  it("says what is wrong with valid manifests, why, and where to read on", async () => {
    const { code, stdout, stderr } = await check({ "a.yaml": inert }, "a.yaml");
    expect(code).toBe(1);
    expect(stderr).toContain("a.yaml:11:12: warning PW3004: spec.egress: 1 rule without effect");
    expect(stderr).toMatch(/\n {2}help: add Egress to `policyTypes`/);
    expect(stderr).toMatch(/\n {2}why: Rules count only .* See docs\/diagnostics\/PW3004\.md\n/);
    expect(stdout).toBe("1 warning: 1 file, 1 object (1 NetworkPolicy)\n");
  });

  it("says once why a code matters", async () => {
    const { stderr } = await check({ "a.yaml": inert, "b.yaml": inert.replace("name: web", "name: other") }, ".");
    expect(stderr.match(/warning PW3004/g)).toHaveLength(2);
    expect(stderr.match(/why: Rules count only/g)).toHaveLength(1);
  });

  it("ends with 1 for a warning, and for a note where that is asked for", async () => {
    expect((await check({ "a.yaml": everybody }, "a.yaml")).code).toBe(0);
    expect((await check({ "a.yaml": everybody }, "a.yaml --fail-on info")).code).toBe(1);
    expect((await check({ "a.yaml": inert }, "a.yaml --fail-on error")).code).toBe(0);
    expect((await check({ "a.yaml": "{" }, "a.yaml --fail-on never")).code).toBe(0);
  });

  it("gives the reason and the severity in JSON", async () => {
    const { stdout } = await check({ "a.yaml": everybody }, "a.yaml --format json");
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      diagnostics: [
        { code: "PW3019", severity: "info", why: expect.stringContaining("Every port"), help: expect.any(String) },
      ],
    });
  });

  it("leaves out what is ignored with a reason", async () => {
    const text = policy("    # podwall-ignore PW3019: the shop is for everybody\n    - {}");
    expect(await check({ "a.yaml": text }, "a.yaml --fail-on info")).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("podwall.yaml", () => {
  const settings = (severity: string): string => `severities:\n  PW3019: ${severity}\n`;

  it("sets severities for the manifests below it, the nearest first", async () => {
    const files = {
      "podwall.yaml": settings("error"),
      "a.yaml": everybody,
      "quiet/podwall.yaml": settings("off"),
      "quiet/deep/b.yaml": everybody.replace("namespace: shop", "namespace: quiet"),
    };
    const { code, stderr } = await check(files, ".");
    expect(code).toBe(1);
    expect(stderr.match(/PW3019: .*/g)).toEqual([expect.stringMatching(/^PW3019: spec\.ingress\[0\]: .*of shop$/)]);
    expect(stderr).toContain("a.yaml:10:7: error PW3019");
    expect((await check(files, "quiet --fail-on info")).code).toBe(0);
  });

  it("is refused where it says something else, with the place", async () => {
    for (const [text, problem] of [
      ["severities:\n  PW2001: off\n", "podwall.yaml:2:3: severities.PW2001: is no code whose severity can be set"],
      ["severities:\n  PW3019: quiet\n", "podwall.yaml:2:3: severities.PW3019: must be off, info, warning or error"],
      ["ignore: [PW3019]\n", "podwall.yaml:1:1: ignore: is no setting; write `severities:`"],
      ["severities: [\n", "podwall.yaml:2:1: "],
    ] as const) {
      const { code, stderr } = await check({ "podwall.yaml": text, "a.yaml": everybody }, "a.yaml");
      expect(code).toBe(2);
      expect(stderr).toContain(problem);
    }
  });

  it("may be a manifest, and those of the folder above are then the nearest settings", async () => {
    const files = { "podwall.yaml": settings("off"), "deploy/podwall.yaml": everybody };
    expect((await check(files, "deploy")).stderr).not.toContain("PW3019");
    expect((await check({ "deploy/podwall.yaml": everybody }, "deploy")).stderr).toContain(
      "deploy/podwall.yaml:10:7: info PW3019",
    );
  });

  it("may be empty", async () => {
    expect((await check({ "podwall.yaml": "# nothing\n", "a.yaml": everybody }, "a.yaml")).code).toBe(0);
    expect((await check({ "podwall.yaml": "severities:\n", "a.yaml": everybody }, "a.yaml")).code).toBe(0);
  });
});
