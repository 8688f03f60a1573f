import { once } from "node:events";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ApiAccess } from "../access/api-access.ts";
import { renewedAccess } from "../access/renewed-access.ts";

/** What a request asked for. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
}

export type Answer = (response: ServerResponse, asked: Asked) => void;

/** A server on loopback that answers as a test says: the n-th request with the n-th answer, and the last for all others. */
export class ScriptedServer {
  readonly asked: Asked[] = [];
  readonly #server: Server;
  readonly #answers: readonly Answer[];

  private constructor(answers: readonly Answer[]) {
    this.#answers = answers;
    this.#server = createServer((request, response) => {
      const url = new URL(request.url ?? "", "http://server");
      const asked = { method: request.method ?? "", path: url.pathname, query: url.searchParams, request };
      const answer = this.#answers[Math.min(this.asked.length, this.#answers.length - 1)];
      this.asked.push(asked);
      request.resume();
      answer?.(response, asked);
    });
  }

  static async start(...answers: readonly Answer[]): Promise<ScriptedServer> {
    const server = new ScriptedServer(answers);
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    return server;
  }

  access({ tokens = ["secret"] }: { readonly tokens?: readonly string[] } = {}): ApiAccess {
    const { port } = this.#server.address() as AddressInfo;
    const left = [...tokens];
    return renewedAccess({
      name: "the test's server",
      server: new URL(`http://127.0.0.1:${port}`),
      namespace: "default",
      source: {
        read: async () => ({ headers: { authorization: `Bearer ${left[0]}` }, tls: {} }),
        markStale: () => {
          if (left.length > 1) left.shift();
        },
      },
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

/** Answers with JSON. */
export function json(
  value: unknown,
  { code = 200, headers = {} }: { code?: number; headers?: Record<string, string> } = {},
): Answer {
  return (response) => {
    response.writeHead(code, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(value));
  };
}

/** Answers as the API refuses. */
export function refusal(code: number, reason: string, message: string, headers: Record<string, string> = {}): Answer {
  return json({ kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message }, { code, headers });
}
