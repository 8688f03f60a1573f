import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runPodwall } from "./run-podwall.ts";

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function podwall(line: string, env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const written = { stdout: "", stderr: "" };
  const to = (name: keyof typeof written) => ({ write: (text: string): void => void (written[name] += text) });
  const code = await runPodwall(line.split(" "), {
    process: { stdout: to("stdout"), stderr: to("stderr"), env },
    cwd: "/",
    readStdin: () => Promise.resolve(""),
  });
  return { code, ...written };
}

describe("podwall wait", () => {
  it("wants to know for what, in words it knows", async () => {
    const wrong = ["wait", "wait --all --self", "wait --all pod/a", "wait --agent 10.0.0.1:9464 pod/a"];
    for (const line of [...wrong, "wait web", "wait deploy/web", "wait a/b/pod/c", "wait shop/cnp/wall", "wait pod/"]) {
      const { code, stderr } = await podwall(line);
      expect([line, code]).toEqual([line, 2]);
      expect(stderr).toMatch(/^podwall wait: /);
    }
  });

  it("waits for the end of policies that are named, and of nothing else", async () => {
    for (const line of ["wait --for=delete", "wait --for=delete --all", "wait --for=delete --self"])
      expect(await podwall(line)).toMatchObject({ code: 2, stderr: expect.stringMatching(/^podwall wait: /) });
    expect(await podwall("wait --for=delete shop/netpol/web shop/pod/web")).toMatchObject({
      code: 2,
      stderr: "podwall wait: shop/pod/web: --for=delete is for policies; kubectl wait tells when a pod is gone\n",
    });
    expect((await podwall("wait --for=ready netpol/web")).code).toBe(2);
  });

  it("takes times with a unit, a day at most", async () => {
    for (const time of ["60", "1h", "-1s", "999999m"])
      expect(await podwall(`wait --all --timeout ${time}`)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("500ms, 30s or 5m"),
      });
  });

  it("needs to know the node of its own pod", async () => {
    expect(await podwall("wait --self")).toMatchObject({ code: 2, stderr: expect.stringContaining("status.hostIP") });
    expect((await podwall("wait --self --agent node:9464")).code).toBe(2);
    const nobody = await podwall("wait --self --agent 127.0.0.1:1 --timeout 1ms");
    expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining("127.0.0.1:1") });
  });
});

describe("a cluster as input", () => {
  it("ends with 3 where it does not answer, and with 2 for credentials that are no good", async () => {
    const folder = mkdtempSync(join(tmpdir(), "podwall-kubeconfig-"));
    const file = join(folder, "config");
    writeFileSync(
      file,
      "{clusters: [{name: a, cluster: {server: 'https://127.0.0.1:1'}}], users: [{name: a, user: {token: t}}], contexts: [{name: a, context: {cluster: a, user: a}}], current-context: a}",
    );
    for (const command of ["check", "map", "status"]) {
      expect(await podwall(`${command} --kubeconfig ${file}`)).toMatchObject({
        code: 3,
        stderr: expect.stringContaining("127.0.0.1:1"),
      });
    }
    expect((await podwall(`map --kubeconfig ${file} --context b`)).code).toBe(2);
    rmSync(folder, { recursive: true });
  });
});

describe("podwall agent", () => {
  it("wants a certificate and its key", async () => {
    for (const line of ["agent --tls-cert-file a", "agent --tls-private-key-file a"])
      expect(await podwall(line)).toMatchObject({
        code: 2,
        stderr: "podwall agent: --tls-cert-file and --tls-private-key-file go together\n",
      });
  });
});

describe("podwall status", () => {
  it("says which credentials it lacks", async () => {
    expect(await podwall("status --kubeconfig /missing")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("/missing"),
    });
  });
});

describe("podwall boot-quarantine", () => {
  it("prints a table that is made only where there is none", async () => {
    const { code, stdout } = await podwall("boot-quarantine --pod-cidr 10.244.0.0/16 --pod-interface-prefix cali");
    expect(code).toBe(0);
    const [first, ...rest] = stdout.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    expect(first).toBe("create table inet podwall");
    expect(rest.join("\n")).toContain("10.244.0.0/16");
    expect(rest.join("\n")).toContain('"cali*"');
  });

  it("prints the unit that loads it before the kubelet", async () => {
    const { code, stdout } = await podwall("boot-quarantine --unit /etc/podwall/boot.nft");
    expect(code).toBe(0);
    expect(stdout).toContain("\nExecStart=/usr/sbin/nft -f /etc/podwall/boot.nft\n");
    expect(stdout).toMatch(/^Before=.*kubelet\.service$/m);
  });

  it("wants to know where pods are, and a path that needs no quoting", async () => {
    for (const line of ["", " --unit boot.nft", " --unit /a$b", " --unit /a --pod-cidr 10.0.0.0/8", " --pod-cidr x"])
      expect((await podwall(`boot-quarantine${line}`)).code).toBe(2);
  });
});
