import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Cluster,
  clusterFrom,
  formatAddress,
  formatCidr,
  readManifests,
} from "../../packages/engine/src/index.ts";
import { Lab, type Place, labNode, placeOfPod, podAddresses } from "../../packages/lab/src/index.ts";
import { bundlePrograms, podProgramSource } from "../../packages/lab/src/testing.ts";
import { describeMismatch, mismatchesOf, predictedCells } from "./support/cells.ts";
import { lacking, withPackets } from "./support/lacking.ts";

const place: Place = { kind: "node", name: "node-1" };
const node = labNode(1, "node-1");

describe.skipIf(lacking !== undefined)(withPackets("podwall agent with a folder of manifests"), () => {
  let lab: Lab;
  let programs: string;
  let folder: string;
  let stateFolder: string;
  let cluster: Cluster;

  beforeAll(async () => {
    const cli = join(import.meta.dirname, "../../apps/cli/src/main.ts");
    programs = await bundlePrograms({ podwall: cli, pod: podProgramSource });
    folder = mkdtempSync(join(tmpdir(), "podwall-folder-"));
    stateFolder = mkdtempSync(join(tmpdir(), "podwall-folder-state-"));
    lab = await Lab.open({ podProgram: join(programs, "pod.mjs"), nodes: [node] });
    write("cluster.json", { apiVersion: "v1", kind: "List", items: clusterObjects() });
    write("policy.json", policy("db", "api"));
    cluster = readCluster();
    await lab.arrange(cluster);
  });
  afterAll(async () => {
    await lab?.close();
    for (const path of [programs, folder, stateFolder]) rmSync(path, { recursive: true, force: true });
  });

  function write(name: string, content: object | string): void {
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }

  function clusterObjects(): object[] {
    const podCIDRs = node.podCidrs.map(formatCidr);
    const pods = ["web", "api", "db"].map((app, index) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { namespace: "shop", name: app, labels: { app } },
      spec: {
        nodeName: "node-1",
        containers: [
          { name: "main", image: "none", ports: [{ containerPort: 80 }, { containerPort: 80, protocol: "UDP" }] },
        ],
      },
      status: { phase: "Running", podIPs: podAddresses(1, index + 1).map((one) => ({ ip: formatAddress(one) })) },
    }));
    const status = { addresses: node.addresses.map((one) => ({ type: "InternalIP", address: formatAddress(one) })) };
    return [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } },
      { apiVersion: "v1", kind: "Node", metadata: { name: "node-1" }, spec: { podCIDRs }, status },
      ...pods,
    ];
  }

  function policy(of: string, from: string): object {
    const ingress = [{ from: [{ podSelector: { matchLabels: { app: from } } }] }];
    const spec = { podSelector: { matchLabels: { app: of } }, policyTypes: ["Ingress"], ingress };
    const metadata = { namespace: "shop", name: "only" };
    return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec };
  }

  function readCluster(): Cluster {
    const names = ["cluster.json", "policy.json"];
    return clusterFrom(
      readManifests(names.map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }))).objects,
    );
  }

  interface Running {
    readonly child: ChildProcess;
    readonly lines: { readonly message: string; readonly [field: string]: unknown }[];
    until(message: string, count?: number): Promise<void>;
    stop(): Promise<void>;
  }

  /** An agent whose /sys shows its own network, as a node's does. */
  function start(...flags: readonly string[]): Running {
    const script = 'mount -t sysfs sysfs /sys && exec "$@"';
    const enter = [...lab.command(place), "unshare", "--mount", "sh", "-c", script, "sh"];
    const common = ["--node-name", "node-1", "--log-format", "json", "--state-dir", stateFolder];
    const program = [process.execPath, join(programs, "podwall.mjs"), "agent", "-f", folder, ...common, ...flags];
    const [command = "", ...args] = [...enter, ...program];
    const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"] });
    const lines: Running["lines"] = [];
    createInterface({ input: child.stderr }).on("line", (line) => {
      lines.push(line.startsWith("{") ? (JSON.parse(line) as Running["lines"][number]) : { message: line });
    });
    return {
      child,
      lines,
      async until(message, count = 1) {
        const deadline = Date.now() + 30_000;
        while (lines.filter((line) => line.message === message).length < count) {
          if (Date.now() > deadline) throw new Error(`never said ${message}: ${JSON.stringify(lines)}`);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      },
      async stop() {
        const ended = once(child, "close");
        const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim();
        process.kill(Number(children.split(" ")[0] || child.pid), "SIGTERM");
        await ended;
      },
    };
  }

  /** How an agent ends that ends by itself. */
  async function refused(
    ...flags: readonly string[]
  ): Promise<{ readonly code: number | null; readonly said: string }> {
    const { child, lines } = start("--pod-interface-prefix", "pw", "--pod-cidr", "10.244.1.0/24", ...flags);
    const [code] = (await once(child, "close")) as [number | null];
    return { code, said: JSON.stringify(lines) };
  }

  async function expectAgreement(): Promise<void> {
    const wrong = await mismatchesOf(lab, predictedCells(cluster, { ports: [80] }));
    expect(wrong.map(describeMismatch)).toEqual([]);
  }

  const run = (command: readonly string[]) => lab.world.run(command, lab.inside(place));

  it("enforces them, follows edits, and takes a file that is cut off for nothing that opens", async () => {
    const agent = start("--pod-interface-prefix", "pw");
    await agent.until("enforcing");
    await expectAgreement();
    write("policy.json", policy("db", "web"));
    await agent.until("changed");
    cluster = readCluster();
    await expectAgreement();
    write("policy.json", JSON.stringify(policy("db", "nobody")).slice(0, -20));
    await agent.until("a policy cannot be used: its last good version stays");
    await expectAgreement();
    rmSync(join(folder, "policy.json"));
    await agent.until("changed", 2);
    cluster = { ...cluster, policies: [] };
    await expectAgreement();
    write("policy.json", policy("db", "api"));
    await agent.until("changed", 3);
    cluster = readCluster();
    await expectAgreement();
    await agent.stop();
  });

  it("says loudly where nobody says which ranges its pods are of, and takes them by flag", async () => {
    const items = clusterObjects().filter((object) => (object as { readonly kind: string }).kind !== "Node");
    const bare = { apiVersion: "v1", kind: "Node", metadata: { name: "node-1" } };
    write("cluster.json", { apiVersion: "v1", kind: "List", items: [...items, bare] });
    const loud =
      "this Node has no pod ranges: an address that is no known pod's is not closed; name --cluster-pod-cidr, or --pod-cidr";
    const agent = start();
    await agent.until(loud);
    await agent.stop();
    const told = start("--pod-cidr", "10.244.1.0/24", "--pod-cidr", "fd00:10:244:1::/64");
    await told.until("enforcing");
    await expectAgreement();
    await told.stop();
    expect(told.lines.map(({ message }) => message)).not.toContain(loud);
    write("cluster.json", { apiVersion: "v1", kind: "List", items: clusterObjects() });
  });

  describe("and a file for the boot", () => {
    const boot = ["boot-quarantine", "--pod-cidr", "10.244.0.0/16", "--pod-cidr", "fd00:10:244::/48"];
    const podwall = (...args: readonly string[]) => run([process.execPath, join(programs, "podwall.mjs"), ...args]);

    async function probe(from: string, to: string): Promise<string[]> {
      const [source, target] = [from, to].map((name) => cluster.pods.find((pod) => pod.name === name));
      if (source === undefined || target === undefined) throw new Error(`no ${from} or ${to}`);
      const process = await lab.process(placeOfPod(source));
      const probes = target.addresses.map((address) => ({
        protocol: "TCP" as const,
        address: formatAddress(address),
        port: 80,
        expect: `shop/${to}`,
        timeoutMs: 400,
      }));
      return (await process.ask("probe", { probes, concurrency: 2 })).map(({ outcome }) => outcome);
    }

    it("closes every pod before an agent runs, and the agent takes over without a gap", async () => {
      await podwall("cleanup");
      expect(await probe("web", "db")).toEqual(["open", "open"]);
      const file = join(stateFolder, "boot.nft");
      writeFileSync(file, await podwall(...boot));
      await run(["nft", "-f", file]);
      for (const [from, to] of [
        ["web", "db"],
        ["api", "db"],
        ["db", "web"],
      ] as const)
        expect(await probe(from, to)).toEqual(["timeout", "timeout"]);
      const stranger = await lab.process(
        placeOfPod(cluster.pods.find(({ name }) => name === "web") ?? cluster.pods[0]!),
      );
      const loops: number[] = [];
      for (const address of podAddresses(1, 3)) {
        const order = {
          protocol: "TCP" as const,
          address: formatAddress(address),
          port: 80,
          expect: "shop/db",
          timeoutMs: 100,
        };
        loops.push((await stranger.ask("startLoop", { probe: order, concurrency: 2 })).loop);
      }
      const agent = start("--pod-interface-prefix", "pw");
      await agent.until("enforcing");
      expect(agent.lines.map(({ message }) => message)).toContain(
        "keeping the rules that are in the kernel until all is known",
      );
      await expectAgreement();
      for (const loop of loops) expect(await stranger.ask("stopLoop", { loop })).toMatchObject({ open: 0 });
      await agent.stop();
    });

    it("changes nothing where an agent has its rules", async () => {
      await expect(run(["nft", "-f", join(stateFolder, "boot.nft")])).rejects.toThrow("exist");
      await expectAgreement();
    });
  });

  describe("refuses a node where packets go past the rules:", () => {
    it("a bridge of pods without br_netfilter, until it is mended", async () => {
      const was = await bridgeCalls();
      await lab.world.ip(
        ["link add cni0 type bridge", "addr add 10.244.1.254/24 dev cni0", "link set cni0 up"],
        lab.inside(place).netns,
      );
      if (was !== undefined) await setBridgeCalls(0);
      const { code, said } = await refused();
      expect(code).toBe(3);
      expect(said).toContain("the bridge cni0");
      expect(said).toContain("net.bridge.bridge-nf-call-iptables=1");
      if (was !== undefined) {
        await setBridgeCalls(1);
        const mended = start("--pod-cidr", "10.244.1.0/24");
        await mended.until("enforcing");
        await mended.stop();
        await setBridgeCalls(0);
      }
      // Where the ranges are learnt only from the manifests, it is found a little later.
      const late = start();
      await late.until("enforcing");
      await late.until("the bridge cni0 carries packets from pod to pod of this node past all rules");
      await late.stop();
      const ignoring = start("--pod-cidr", "10.244.1.0/24", "--ignore-bypass", "bridge");
      await ignoring.until("enforcing");
      await ignoring.stop();
      expect(JSON.stringify(ignoring.lines)).toContain('"ignored":"bridge"');
      await lab.world.ip(["link del cni0"], lab.inside(place).netns);
    });

    /** This network's own setting; undefined where the kernel has none. */
    async function bridgeCalls(): Promise<string | undefined> {
      return run(["cat", "/proc/sys/net/bridge/bridge-nf-call-iptables"]).catch(() => undefined);
    }

    function setBridgeCalls(on: 0 | 1): Promise<string> {
      return run(["sh", "-c", `echo ${on} >/proc/sys/net/bridge/bridge-nf-call-iptables`]);
    }

    it("kube-proxy in IPVS mode", async () => {
      await lab.world.ip(["link add kube-ipvs0 type veth peer name ipvs-end"], lab.inside(place).netns);
      const { code, said } = await refused();
      expect(code).toBe(3);
      expect(said).toContain("run kube-proxy in nftables or iptables mode");
      await lab.world.ip(["link del kube-ipvs0"], lab.inside(place).netns);
    });

    it("a flowtable, where the kernel has any", async () => {
      const device = (await run(["sh", "-c", "ls /proc/sys/net/ipv4/conf"]))
        .split("\n")
        .find((name) => name.startsWith("pw"));
      const made = `add table inet fast; add flowtable inet fast f { hook ingress priority 0; devices = { ${device} }; }`;
      const refusal = await run(["nft", made]).then(
        () => undefined,
        (error: unknown) => String(error),
      );
      if (refusal !== undefined) {
        // A kernel without flowtables has no such way past the rules.
        expect(refusal).toMatch(/not supported|No such file/i);
        return;
      }
      const { code, said } = await refused();
      expect(code).toBe(3);
      expect(said).toContain("nft delete flowtable inet fast f");
      await run(["nft", "delete table inet fast"]);
    });
  });
});
