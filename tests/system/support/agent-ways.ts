import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type Server, createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * The API server's way to nodes that it has no route to: an HTTP CONNECT proxy on a socket, as its egress selector takes one
 * (KEP-1281). `routes` leads from an address and port to a socket that stands for it.
 */
export class AgentWays {
  readonly routes = new Map<string, string>();
  readonly #folder: string;
  readonly #server: Server;

  private constructor(folder: string, server: Server) {
    this.#folder = folder;
    this.#server = server;
    server.on("connect", (request, socket) => {
      const path = this.routes.get(request.url ?? "");
      if (path === undefined) {
        socket.end("HTTP/1.1 502 no such node\r\n\r\n");
        return;
      }
      const onward = connect(path, () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
      onward.pipe(socket);
      socket.pipe(onward);
      onward.on("error", () => socket.destroy());
      socket.on("error", () => onward.destroy());
    });
  }

  static async open(): Promise<AgentWays> {
    const folder = await mkdtemp(join(tmpdir(), "podwall-ways-"));
    const server = createServer();
    server.listen(join(folder, "connect"));
    await once(server, "listening");
    const ways = new AgentWays(folder, server);
    const transport = { uds: { udsName: join(folder, "connect") } };
    const selection = { name: "cluster", connection: { proxyProtocol: "HTTPConnect", transport } };
    const kind = "EgressSelectorConfiguration";
    const config = { apiVersion: "apiserver.k8s.io/v1beta1", kind, egressSelections: [selection] };
    await writeFile(join(folder, "egress.json"), JSON.stringify(config));
    return ways;
  }

  /** For kube-apiserver. */
  get apiFlags(): readonly string[] {
    return [`--egress-selector-config-file=${join(this.#folder, "egress.json")}`];
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
