import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { type Server, connect, createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Lab } from "../../../packages/lab/src/index.ts";
import type { KubeApi } from "./kube-api.ts";
import { cpuSecondsOf } from "./cpu-seconds.ts";
import { CutWay } from "./kube-cut.ts";

/** What the agent's `/state` says, as far as tests look at it. */
export interface AgentState {
  readonly ready: boolean;
  readonly pending: boolean;
  readonly sources: Readonly<Record<string, { readonly synced: boolean; readonly version?: number }>>;
  readonly policies?: readonly { readonly name: string; readonly enforced: string; readonly because?: string }[];
  readonly closedPods?: readonly { readonly pod: string; readonly because: string }[];
}

/** A line of the agent's log. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

export interface AgentNodeOptions {
  readonly lab: Lab;
  readonly api: KubeApi;
  readonly name: string;
  /** The bundled command line. */
  readonly program: string;
  readonly kubeconfigUser: string;
}

/** Joins loopback in a node's namespace with sockets in a folder: in for the API server, out for the agent's endpoints. */
const relayScript = `
const { createServer, connect } = require("node:net");
const [, folder, api, endpoints] = process.argv;
const join = (from, to) => {
  for (const [one, other] of [[from, to], [to, from]]) {
    one.pipe(other);
    one.on("error", () => other.destroy());
    one.on("close", () => other.destroy());
  }
};
createServer((socket) => join(socket, connect(folder + "/api"))).listen(Number(api), "127.0.0.1", () =>
  createServer((socket) => join(socket, connect(Number(endpoints), "127.0.0.1"))).listen(folder + "/agent", () =>
    process.stdout.write("ready\\n")));
process.stdin.resume().on("end", () => process.exit());
`;
const apiPort = 6443;
const endpointsPort = 9464;

/** A node of the lab with the agent as a process in its namespace, and a way to the API server that can be cut. */
export class AgentNode {
  readonly name: string;
  readonly way: CutWay;
  readonly log: LogLine[] = [];
  /** Shown to the agent's endpoints, where it wants one. */
  token: string | undefined;
  /** How the agent's endpoints speak: `https` off loopback. */
  scheme: "http" | "https" = "http";
  readonly #options: AgentNodeOptions;
  readonly #folder: string;
  readonly #server: Server;
  readonly #relay: ChildProcess;
  #agent: ChildProcess | undefined;

  private constructor(
    options: AgentNodeOptions,
    parts: { folder: string; way: CutWay; server: Server; relay: ChildProcess },
  ) {
    this.name = options.name;
    this.way = parts.way;
    this.#options = options;
    this.#folder = parts.folder;
    this.#server = parts.server;
    this.#relay = parts.relay;
  }

  static async open(options: AgentNodeOptions, folder: string): Promise<AgentNode> {
    const { lab, api, name } = options;
    const way = await CutWay.to(api.port);
    const server = createServer((socket) => {
      const onward = connect(way.port, "127.0.0.1");
      for (const [one, other] of [
        [socket, onward],
        [onward, socket],
      ] as const) {
        one.pipe(other);
        one.on("error", () => other.destroy());
        one.on("close", () => other.destroy());
      }
    });
    server.listen(join(folder, "api"));
    await once(server, "listening");
    const [command = "", ...enter] = lab.command({ kind: "node", name });
    const args = [...enter, process.execPath, "-e", relayScript, folder, String(apiPort), String(endpointsPort)];
    const relay = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    await once(relay.stdout, "data");
    const config = JSON.parse(readFileSync(api.kubeconfig, "utf8"));
    config.clusters[0].cluster.server = `https://127.0.0.1:${apiPort}`;
    config.clusters[0].cluster["certificate-authority"] = join(api.folder, "certs/apiserver.crt");
    config["current-context"] = options.kubeconfigUser;
    writeFileSync(join(folder, "kubeconfig"), JSON.stringify(config));
    return new AgentNode(options, { folder, way, server, relay });
  }

  /** Starts the agent; `ready` says when it enforces. */
  start(extra: readonly string[] = ["--pod-interface-prefix", "pw"]): void {
    const { lab, name, program } = this.#options;
    const [command = "", ...enter] = lab.command({ kind: "node", name });
    const flags = ["--node-name", name, "--kubeconfig", this.kubeconfig, "--log-format", "json", ...extra];
    const child = spawn(command, [...enter, process.execPath, program, "agent", ...flags], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    createInterface({ input: child.stderr }).on("line", (line) => this.log.push(lineOf(line)));
    this.#agent = child;
  }

  /** Resolves with what it ended with; null where it was killed. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<number | null> {
    const child = this.#agent;
    this.#agent = undefined;
    if (child === undefined) return null;
    const ended = once(child, "close");
    process.kill(this.#pidOf(child), signal);
    await ended;
    return child.exitCode;
  }

  /** Runs another command of podwall's on the node, to its end; gives what it printed. */
  podwall(...args: readonly string[]): Promise<string> {
    const { lab, name, program } = this.#options;
    const { netns } = lab.inside({ kind: "node", name });
    return lab.world.run([process.execPath, program, ...args], { netns });
  }

  /** Runs another command of podwall's where `enter` leads, or on the node, to whatever end it comes to. */
  async tryPodwall(
    args: readonly string[],
    enter: readonly string[] = this.#options.lab.command({ kind: "node", name: this.name }),
  ): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
    const [command = "", ...rest] = enter;
    const child = spawn(command, [...rest, process.execPath, this.#options.program, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const printed = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].on("data", (chunk: Buffer) => {
        printed[name] += chunk.toString("utf8");
      });
    }
    const [code] = (await once(child, "close")) as [number | null];
    return { code, ...printed };
  }

  /** What the node's kubeconfig is. */
  get kubeconfig(): string {
    return join(this.#folder, "kubeconfig");
  }

  /** Waits for a line of the log. */
  async logged(message: string, withinMs = 30_000): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (!this.log.some((line) => line.message === message)) {
      if (Date.now() > deadline) throw new Error(`${this.name} never logged ${JSON.stringify(message)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** A socket that leads to the agent's endpoints. */
  get endpoints(): string {
    return join(this.#folder, "agent");
  }

  get(path: string, token = this.token): Promise<{ readonly code: number; readonly text: string }> {
    return new Promise((resolve, reject) => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      // What an agent signed itself cannot be verified.
      const options = { socketPath: this.endpoints, path, headers, timeout: 5_000, rejectUnauthorized: false };
      const asked = (this.scheme === "https" ? https : http).request(options, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => resolve({ code: response.statusCode ?? 0, text }));
        response.on("error", reject);
      });
      asked.on("error", reject);
      asked.end();
    });
  }

  /** Undefined while nobody answers. */
  async state(): Promise<AgentState | undefined> {
    const answer = await this.get("/state").catch(() => undefined);
    return answer?.code === 200 ? (JSON.parse(answer.text) as AgentState) : undefined;
  }

  /** Waits until its state is as wanted. */
  async until(what: string, isSo: (state: AgentState) => boolean, withinMs = 60_000): Promise<AgentState> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const state = await this.state();
      if (state !== undefined && isSo(state)) return state;
      if (Date.now() > deadline) {
        const log = this.log.slice(-15).map((line) => JSON.stringify(line));
        throw new Error(`${this.name} is not ${what}: ${JSON.stringify(state)}\n${log.join("\n")}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Lets the agent's `nft` stand still, as where the kernel is busy, or go on: what it was told is not in force until then. */
  signalNft(signal: "SIGSTOP" | "SIGCONT"): void {
    if (this.#agent === undefined) throw new Error("no agent runs");
    const pid = this.#pidOf(this.#agent);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);
    const found = children.filter((child) => readFileSync(`/proc/${child}/comm`, "utf8").trim() === "nft");
    if (found.length === 0) throw new Error(`the agent of ${this.name} runs no nft`);
    for (const child of found) process.kill(Number(child), signal);
  }

  /** Of the agent, in MiB. */
  rss(): number {
    if (this.#agent === undefined) throw new Error("no agent runs");
    const status = readFileSync(`/proc/${this.#pidOf(this.#agent)}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024;
  }

  /** Processor time that the agent has used so far, in seconds; not that of nft, which it starts. */
  cpuSeconds(): number {
    if (this.#agent === undefined) throw new Error("no agent runs");
    return cpuSecondsOf(this.#pidOf(this.#agent));
  }

  async close(): Promise<void> {
    if (this.#agent?.exitCode === null) await this.stop("SIGKILL");
    this.#relay.stdin?.end();
    this.#server.close();
    await this.way.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** nsenter waits for the program that it started. */
  #pidOf({ pid }: ChildProcess): number {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return Number(children.split(" ")[0] || pid);
  }
}

function lineOf(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return { level: "none", message: text };
  }
}
