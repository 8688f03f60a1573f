import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import type { ApiAccess, ApiCredentials, TlsSettings } from "../access/api-access.ts";
import type { Clock } from "../clock.ts";
import { explainFailure } from "./explain-failure.ts";
import { KubeError } from "./kube-error.ts";

export interface TransportRequest {
  readonly method: string;
  /** With its query, below the server's own path. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** For the answer's headers to come. */
  readonly answerTimeoutMs: number;
}

/** Sends HTTP requests over connections that are kept, as long as the credentials stay what they are. */
export class Transport {
  readonly #access: ApiAccess;
  readonly #clock: Clock;
  #agent: http.Agent | undefined;
  #agentTls = "";

  constructor(access: ApiAccess, clock: Clock) {
    this.#access = access;
    this.#clock = clock;
  }

  /** The answer, whatever its code; its body errs with a `KubeError` when the signal is aborted. */
  async send(request: TransportRequest, credentials: ApiCredentials): Promise<IncomingMessage> {
    const { answer, reused } = this.#try(request, credentials);
    try {
      return await answer;
    } catch (error) {
      // A server may close a kept connection at the very moment it is used again; reading twice harms nothing.
      const isRace = reused() && isReset(error) && request.method === "GET";
      if (!isRace) throw explainFailure(error, this.#access.server.origin);
    }
    try {
      return await this.#try(request, credentials).answer;
    } catch (error) {
      throw explainFailure(error, this.#access.server.origin);
    }
  }

  /** Ends all connections, those in use too. */
  close(): void {
    this.#agent?.destroy();
    this.#agent = undefined;
  }

  #try({ method, path, headers, body, signal, answerTimeoutMs }: TransportRequest, credentials: ApiCredentials) {
    const { protocol, hostname, port, pathname } = this.#access.server;
    const request = (protocol === "https:" ? https : http).request({
      agent: this.#agentFor(credentials.tls),
      method,
      protocol,
      // URL writes IPv6 addresses in brackets, and the socket wants them without.
      hostname: hostname.replace(/^\[(.*)\]$/, "$1"),
      port: port === "" ? (protocol === "https:" ? 443 : 80) : port,
      path: `${pathname.replace(/\/$/, "")}${path}`,
      headers: {
        ...headers,
        ...credentials.headers,
        ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
      },
    });
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      const stop = () => {
        const error = new KubeError("stopped", "the request was stopped");
        // To destroy the request would let the message end as if it were whole.
        if (message === undefined) request.destroy(error);
        else message.destroy(error);
      };
      const cancelTimer = this.#clock.timer(answerTimeoutMs, () => {
        // Other kept connections may be as dead.
        this.#dropIdle();
        request.destroy(
          new KubeError("timeout", `${this.#access.server.origin} did not answer for ${answerTimeoutMs} ms`),
        );
      });
      let message: IncomingMessage | undefined;
      request.on("error", reject);
      request.on("response", (received) => {
        cancelTimer();
        message = received;
        resolve(received);
      });
      request.on("close", () => {
        cancelTimer();
        signal?.removeEventListener("abort", stop);
        reject(new KubeError("unreachable", `${this.#access.server.origin} closed the connection`));
      });
      signal?.addEventListener("abort", stop, { once: true });
      if (signal?.aborted === true) stop();
      request.end(body);
    });
    return { answer, reused: () => request.reusedSocket };
  }

  #agentFor(tls: TlsSettings): http.Agent {
    const text = JSON.stringify(tls);
    if (this.#agent !== undefined && this.#agentTls === text) return this.#agent;
    this.#dropIdle();
    this.#agentTls = text;
    const options = { keepAlive: true, keepAliveMsecs: 30_000, maxFreeSockets: 4 };
    if (this.#access.server.protocol === "http:") this.#agent = new http.Agent(options);
    else {
      this.#agent = new https.Agent({
        ...options,
        ...(tls.ca === undefined ? {} : { ca: tls.ca }),
        ...(tls.cert === undefined ? {} : { cert: tls.cert, key: tls.key }),
        ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
        rejectUnauthorized: tls.skipVerify !== true,
      });
    }
    return this.#agent;
  }

  #dropIdle(): void {
    for (const sockets of Object.values(this.#agent?.freeSockets ?? {})) {
      for (const socket of sockets ?? []) socket.destroy();
    }
  }
}

function isReset(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ECONNRESET" || code === "EPIPE";
}
