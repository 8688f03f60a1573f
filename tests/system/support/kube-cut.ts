import { once } from "node:events";
import { type AddressInfo, type Server, type Socket, connect, createServer } from "node:net";

/** A way to a server on loopback that can be cut, or that can swallow everything while its connections stay open. */
export class CutWay {
  readonly #server: Server;
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #state: "open" | "cut" | "held" = "open";
  #bytesFromServer = 0;

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer((socket) => this.#relay(socket));
  }

  static async to(target: number): Promise<CutWay> {
    const way = new CutWay(target);
    way.#server.listen(0, "127.0.0.1");
    await once(way.#server, "listening");
    return way;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** What came from the server so far, as it is on the wire above TCP. */
  get bytesFromServer(): number {
    return this.#bytesFromServer;
  }

  /** Ends all connections, in the middle of whatever they carry, and every new one. */
  cut(): void {
    this.#state = "cut";
    for (const socket of this.#sockets) socket.destroy();
  }

  /** From now on nothing gets through, and nobody is told. */
  hold(): void {
    this.#state = "held";
    for (const socket of this.#sockets) socket.pause();
  }

  /** Lets new connections through; held ones are lost. */
  open(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#state = "open";
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #relay(client: Socket): void {
    this.#keep(client);
    if (this.#state === "cut") client.destroy();
    if (this.#state !== "open") return;
    const server = connect({ host: "127.0.0.1", port: this.#target });
    this.#keep(server);
    server.on("data", ({ byteLength }) => {
      this.#bytesFromServer += byteLength;
    });
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on("data", (chunk) => {
        if (!to.write(chunk)) from.pause();
      });
      to.on("drain", () => {
        if (this.#state !== "held") from.resume();
      });
      from.on("close", () => to.destroy());
    }
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => this.#sockets.delete(socket));
  }
}
