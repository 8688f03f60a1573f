import { generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { type ApiAccess, KubeClient, KubeError, kubeconfigAccess } from "../../../packages/kube/src/index.ts";
import { kubeBinaries } from "./kube-binaries.ts";
import { KubeProcess } from "./kube-process.ts";
import { type KubeRoom, freePorts, openRoom } from "./kube-room.ts";

export interface KubeApiOptions {
  /** Added to kube-apiserver's. */
  readonly apiFlags?: readonly string[];
  /** User names that get a token of the same text, besides `admin`, who may do all. */
  readonly users?: readonly string[];
}

/** A real etcd and kube-apiserver on loopback, for one test file. */
export class KubeApi {
  /** Where its files are; goes away with it. */
  readonly folder: string;
  readonly port: number;
  /** As admin; closed with the server. */
  readonly admin: KubeClient;
  readonly #room: KubeRoom;
  readonly #etcd: KubeProcess;
  readonly #api: KubeProcess;
  readonly #etcdPort: number;

  private constructor(parts: { room: KubeRoom; etcd: KubeProcess; api: KubeProcess; ports: Ports; admin: ApiAccess }) {
    this.#room = parts.room;
    this.#etcd = parts.etcd;
    this.#api = parts.api;
    this.#etcdPort = parts.ports.etcd;
    this.folder = parts.room.folder;
    this.port = parts.ports.api;
    this.admin = new KubeClient({ access: parts.admin });
  }

  static async start({ apiFlags = [], users = [] }: KubeApiOptions = {}): Promise<KubeApi> {
    const binaries = await kubeBinaries(["kube-apiserver", "etcd"]);
    const [etcdPort = 0, peerPort = 0, apiPort = 0] = await freePorts(3);
    const ports = { etcd: etcdPort, peer: peerPort, api: apiPort };
    const room = openRoom();
    const { folder } = room;
    writeFileSync(join(folder, "tokens.csv"), tokenLines(users));
    const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
    writeFileSync(join(folder, "sa.key"), keys.privateKey.export({ type: "pkcs8", format: "pem" }));
    const etcd = etcdProcess(binaries, folder, ports);
    const api = apiProcess(binaries, folder, ports, apiFlags);
    writeFileSync(join(folder, "kubeconfig"), kubeconfigText(ports.api, ["admin", ...users]));
    etcd.start();
    api.start();
    const admin = await accessBy(folder, "admin");
    const server = new KubeApi({ room, etcd, api, ports, admin });
    try {
      await server.ready();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** The server's own certificate, which it made and signed by itself. */
  get ca(): string {
    return readFileSync(join(this.folder, "certs", "apiserver.crt"), "utf8");
  }

  /** What kubectl would be given; its contexts are named after the users. */
  get kubeconfig(): string {
    return join(this.folder, "kubeconfig");
  }

  access(user: string): Promise<ApiAccess> {
    return accessBy(this.folder, user);
  }

  /** Waits until the API server serves. */
  async ready(): Promise<void> {
    const deadline = Date.now() + 90_000;
    for (;;) {
      this.#etcd.check();
      this.#api.check();
      const why = await this.#notReady();
      if (why === undefined) return;
      if (Date.now() > deadline) throw new Error(`kube-apiserver is not ready after 90 s: ${why}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  killApi(): Promise<void> {
    return this.#api.kill();
  }

  /** On the same port, with the same data. */
  async startApi(): Promise<void> {
    this.#api.start();
    await this.ready();
  }

  /** Processor time that the API server has used since it was started, in seconds. */
  cpuSeconds(): number {
    return this.#api.cpuSeconds();
  }

  pauseApi(): void {
    this.#api.pause();
  }

  resumeApi(): void {
    this.#api.resume();
  }

  /** Lets etcd forget all history before now. */
  async compact(): Promise<void> {
    const range = await this.#askEtcd("/v3/kv/range", { key: Buffer.from("/").toString("base64"), limit: "1" });
    const { revision } = (range as { readonly header: { readonly revision: string } }).header;
    await this.#askEtcd("/v3/kv/compaction", { revision, physical: true });
  }

  async stop(): Promise<void> {
    this.admin.close();
    await this.#api.kill();
    await this.#etcd.kill();
    await this.#room.close();
  }

  async #notReady(): Promise<string | undefined> {
    try {
      await this.admin.call({ path: "/readyz", query: { verbose: true }, signal: AbortSignal.timeout(2_000) });
      return undefined;
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      // The one answer of the API that is no JSON.
      return error.kind === "garbled" && error.message.includes("[+]") ? undefined : error.message;
    }
  }

  #askEtcd(path: string, body: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const asked = request({ host: "127.0.0.1", port: this.#etcdPort, path, method: "POST" }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () =>
          // That history was dropped already is as good as dropping it.
          response.statusCode === 200 || text.includes("has been compacted")
            ? resolve(JSON.parse(text))
            : reject(new Error(`etcd answered ${text}`)),
        );
      });
      asked.on("error", reject);
      asked.end(JSON.stringify(body));
    });
  }
}

interface Ports {
  readonly etcd: number;
  readonly peer: number;
  readonly api: number;
}

function etcdProcess(binaries: string, folder: string, { etcd, peer }: Ports): KubeProcess {
  const client = `http://127.0.0.1:${etcd}`;
  const peers = `http://127.0.0.1:${peer}`;
  return new KubeProcess({
    name: "etcd",
    log: join(folder, "etcd.log"),
    command: [
      join(binaries, "etcd"),
      `--data-dir=${join(folder, "etcd")}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peers}`,
      `--initial-advertise-peer-urls=${peers}`,
      `--initial-cluster=default=${peers}`,
      // Only a crash of the whole machine would lose anything, and then the test too.
      "--unsafe-no-fsync",
    ],
  });
}

function apiProcess(binaries: string, folder: string, { etcd, api }: Ports, flags: readonly string[]): KubeProcess {
  const key = join(folder, "sa.key");
  return new KubeProcess({
    name: "kube-apiserver",
    log: join(folder, "apiserver.log"),
    command: [
      join(binaries, "kube-apiserver"),
      `--etcd-servers=http://127.0.0.1:${etcd}`,
      // Compacted only when a test says so.
      "--etcd-compaction-interval=0",
      "--bind-address=127.0.0.1",
      // Else it writes the endpoints of a service for an address of the machine's real network.
      "--advertise-address=127.0.0.1",
      "--endpoint-reconciler-type=none",
      `--secure-port=${api}`,
      `--cert-dir=${join(folder, "certs")}`,
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${key}`,
      `--service-account-signing-key-file=${key}`,
      `--token-auth-file=${join(folder, "tokens.csv")}`,
      "--authorization-mode=RBAC",
      // Nothing makes service accounts here, and pods need none.
      "--disable-admission-plugins=ServiceAccount",
      "--service-cluster-ip-range=10.96.0.0/16",
      ...flags,
    ],
  });
}

function tokenLines(users: readonly string[]): string {
  return ["admin,admin,admin,system:masters", ...users.map((user) => `${user},${user},${user}`), ""].join("\n");
}

/** JSON is YAML too. */
function kubeconfigText(port: number, users: readonly string[]): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "test",
        cluster: { server: `https://127.0.0.1:${port}`, "certificate-authority": "certs/apiserver.crt" },
      },
    ],
    users: users.map((name) => ({ name, user: { token: name } })),
    contexts: users.map((name) => ({ name, context: { cluster: "test", user: name } })),
    "current-context": "admin",
  });
}

async function accessBy(folder: string, context: string): Promise<ApiAccess> {
  const kubeconfig = join(folder, "kubeconfig");
  const access = await kubeconfigAccess({ kubeconfig, context, env: {} });
  if (access === undefined) throw new Error(`${kubeconfig} is gone`);
  return access;
}
