import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, chownSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { schemaErrors } from "../../apps/cli/src/testing/output-schema.ts";
import { bundlePrograms, podProgramSource } from "../../packages/lab/src/testing.ts";
import { lacking, withPackets } from "./support/lacking.ts";

const manifests = `
apiVersion: v1
kind: Namespace
metadata: { name: demo }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: demo }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web, ports: [{ name: http, containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: demo }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: http }] }
---
apiVersion: v1
kind: Pod
metadata: { name: client, namespace: demo, labels: { app: client } }
spec: { containers: [{ name: client, image: client }] }
---
apiVersion: v1
kind: Pod
metadata: { name: stranger, namespace: demo, labels: { app: stranger } }
spec: { containers: [{ name: stranger, image: stranger }] }
`;

const policy = (peer: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: demo }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Ingress]
  ingress: [{ from: [{ podSelector: { matchLabels: { app: ${peer} } } }], ports: [{ port: http }] }]
`;

const users =
  process.getuid?.() === 0
    ? [
        { user: "root", uid: 0 },
        { user: "an ordinary user", uid: 65534 },
      ]
    : [{ user: "this user", uid: process.getuid?.() ?? 0 }];

let programs: string;

beforeAll(async () => {
  const podwall = join(import.meta.dirname, "../../apps/cli/src/main.ts");
  programs = await bundlePrograms({ podwall, pod: podProgramSource });
});

afterAll(() => rmSync(programs, { recursive: true, force: true }));

describe.skipIf(lacking !== undefined).each(users)(withPackets("podwall lab as $user"), ({ uid }) => {
  let folder: string;
  let mark: string;
  let before: MachineNetwork;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "podwall-test-"));
    mark = randomUUID();
    before = machineNetwork();
    chmodSync(folder, 0o755);
    if (process.getuid?.() === 0) chownSync(folder, uid, uid);
    writeFileSync(join(folder, "manifests.yaml"), manifests);
    writeFileSync(join(folder, "policy.yaml"), policy("client"));
  });

  afterEach(async () => {
    for (const pid of processesMarked(mark)) process.kill(pid, "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  it("tries every connection, finds packets as predicted and leaves nothing behind", async () => {
    const lab = start(["lab", "-f", folder, "--once", "--format", "json"]);
    expect(await lab.ended()).toBe(0);
    const result = JSON.parse(lab.stdout()) as {
      pods: object[];
      probes: { predicted: string }[];
      mismatches: object[];
    };
    expect(schemaErrors(result)).toEqual([]);
    expect(result.pods).toHaveLength(5);
    expect(result.mismatches).toEqual([]);
    expect(new Set(result.probes.map(({ predicted }) => predicted))).toEqual(new Set(["allowed", "denied"]));
    expectNothingLeft();
  });

  it("resolves Services by name, balances them, and gives a command's exit code", async () => {
    const lab = await following();
    const web = "http://web.demo.svc.cluster.local";
    const names = new Set<string>();
    for (let attempt = 0; attempt < 20 && names.size < 2; attempt++) {
      const { code, stdout } = await exec("demo/client", fetchText(web));
      expect(code).toBe(0);
      names.add(/this is (\S+)/.exec(stdout)?.[1] ?? stdout);
    }
    expect(names).toEqual(new Set(["demo/web-1", "demo/web-2"]));
    expect((await exec("client", fetchText("http://web"))).stdout).toContain("this is demo/web-");
    expect((await exec("stranger", fetchText(web))).stdout).toContain("not reached");
    expect((await exec("client", ["sh", "-c", "exit 7"])).code).toBe(7);
    expect(await exec("nobody-is-called-so", ["true"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("demo/client"),
    });
    lab.child.kill("SIGINT");
    expect(await lab.ended()).toBe(0);
    expectNothingLeft();
    expect((await exec("client", ["true"])).stderr).toContain("no lab is running");
  });

  it("follows edits, and keeps the last good version of a policy that breaks", async () => {
    const lab = await following();
    writeFileSync(join(folder, "policy.yaml"), policy("stranger"));
    await lab.says("demo/stranger -> demo/web-1 8080/TCP (IPv4): now allowed");
    await lab.says("0 mismatches");
    expect(lab.stdout()).toContain("demo/client -> demo/web-2 8080/TCP (IPv6): now denied");
    lab.forget();
    writeFileSync(
      join(folder, "policy.yaml"),
      policy("stranger").replace("policyTypes: [Ingress]", "policyTypes: [Ingres]"),
    );
    await lab.says("0 mismatches");
    expect(lab.stderr()).toContain("its last good version stays in force");
    expect(lab.stdout()).toContain("no connection changed");
    lab.forget();
    writeFileSync(
      join(folder, "more.yaml"),
      "apiVersion: v1\nkind: Pod\nmetadata: { name: late, namespace: demo, labels: { app: stranger } }\nspec: { containers: [] }\n",
    );
    await lab.says("demo/late -> demo/web-1 8080/TCP (IPv6): now allowed");
    lab.child.kill("SIGTERM");
    await lab.ended();
    expectNothingLeft();
  });

  it("leaves nothing behind when it is killed without warning", async () => {
    const lab = await following();
    expect(processesMarked(mark).length).toBeGreaterThan(5);
    lab.child.kill("SIGKILL");
    await lab.ended();
    for (let waited = 0; waited < 50 && processesMarked(mark).length > 0; waited++) await delay(100);
    expectNothingLeft();
    expect((await exec("client", ["true"])).stderr).toContain("no lab is running");
    expect(readdirSync(join(folder, "podwall"))).toEqual([]);
  });

  it("predicts only, and says so, where namespaces are refused", async () => {
    // A user namespace in which no other may be made, and no capability to make any other namespace.
    const refuse =
      'echo 0 >/proc/sys/user/max_user_namespaces && exec setpriv --bounding-set=-all --inh-caps=-all "$@"';
    const lab = start(
      ["lab", "-f", folder, "--once"],
      ["unshare", "--user", "--map-root-user", "sh", "-c", refuse, "sh"],
    );
    expect(await lab.ended()).toBe(3);
    expect(lab.stderr()).toContain("this machine cannot run a lab: ");
    expect(lab.stdout()).toMatch(/^PREDICTION ONLY: no packets were sent\n/);
    expect(lab.stdout()).toMatch(/5 pods, \d+ connections predicted: \d+ allowed, \d+ denied, none observed/);
    expectNothingLeft();
  });

  async function following(): Promise<Started> {
    const lab = start(["lab", "-f", folder]);
    await lab.says("following edits");
    lab.forget();
    return lab;
  }

  async function exec(
    pod: string,
    command: readonly string[],
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const run = start(["lab", "exec", pod, "--", ...command]);
    return { code: await run.ended(), stdout: run.stdout(), stderr: run.stderr() };
  }

  function start(args: readonly string[], before: readonly string[] = []): Started {
    const [command = "", ...rest] = [...before, process.execPath, join(programs, "podwall.mjs"), ...args];
    const env = { PATH: process.env["PATH"], XDG_RUNTIME_DIR: folder, PODWALL_TEST_MARK: mark };
    const asUser = process.getuid?.() === uid ? {} : { uid, gid: uid };
    return new Started(spawn(command, rest, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"], ...asUser }));
  }

  function expectNothingLeft(): void {
    expect(processesMarked(mark)).toEqual([]);
    expect(machineNetwork()).toEqual(before);
  }
});

/** A program that was started, and what it has said. */
class Started {
  readonly child: ChildProcess;
  #stdout = "";
  #stderr = "";
  readonly #ended: Promise<number | null>;

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.on("data", (chunk: Buffer) => {
      this.#stdout += chunk.toString();
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      this.#stderr += chunk.toString();
    });
    this.#ended = new Promise((resolve) => child.on("close", (code) => resolve(code)));
  }

  stdout(): string {
    return this.#stdout;
  }

  stderr(): string {
    return this.#stderr;
  }

  forget(): void {
    this.#stdout = "";
    this.#stderr = "";
  }

  ended(): Promise<number | null> {
    return this.#ended;
  }

  /** Resolves when a text is in what it has said. */
  async says(text: string): Promise<void> {
    for (let waited = 0; waited < 300; waited++) {
      if (`${this.#stdout}\n${this.#stderr}`.includes(text)) return;
      if (this.child.exitCode !== null) break;
      await delay(50);
    }
    throw new Error(`it never said "${text}":\n${this.#stdout}\n${this.#stderr}`);
  }
}

interface MachineNetwork {
  readonly links: readonly string[];
  readonly mounts: string;
}

/** What of the machine's own a lab must not change. */
function machineNetwork(): MachineNetwork {
  return { links: readdirSync("/sys/class/net").sort(), mounts: readFileSync("/proc/self/mounts", "utf8") };
}

/** The processes that were started, directly or not, with a mark in their environment. */
function processesMarked(mark: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/environ`, "latin1").includes(mark);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** A command that prints what a web server says, with the program that is sure to be there. */
function fetchText(url: string): string[] {
  const script = `fetch("${url}", { signal: AbortSignal.timeout(3000) }).then((r) => r.text()).then(console.log, () => console.log("not reached")).finally(() => process.exit())`;
  return [process.execPath, "-e", script];
}
