import { once } from "node:events";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { type Served, metricsText, notReady, stateDocument } from "./describe.ts";
import type { ListenAddress } from "./listen-address.ts";

interface Answer {
  readonly code: number;
  readonly type: "text/plain; version=0.0.4; charset=utf-8" | "text/plain; charset=utf-8" | "application/json";
  readonly text: string;
}

/** Serves `/healthz`, `/readyz`, `/metrics` and `/state`. Rejects where nobody can listen there. */
export async function serveEndpoints(served: Served, { host, port }: ListenAddress): Promise<Server> {
  const server = createServer((request, response) => void respond(served, request, response));
  server.listen(port, host);
  await once(server, "listening");
  return server;
}

async function respond(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { code, type, text } = await answerTo(served, request).catch((error: unknown) => plain(500, String(error)));
  response.writeHead(code, { "content-type": type, "cache-control": "no-store" });
  response.end(request.method === "HEAD" ? undefined : text);
}

async function answerTo(served: Served, { method, url = "" }: IncomingMessage): Promise<Answer> {
  if (method !== "GET" && method !== "HEAD") return plain(405, "only GET");
  switch (url.split("?")[0]) {
    case "/healthz":
      return plain(200, "ok");
    case "/readyz": {
      const because = notReady(served);
      return because === undefined ? plain(200, "ok") : plain(503, because);
    }
    case "/metrics":
      return { code: 200, type: "text/plain; version=0.0.4; charset=utf-8", text: await metricsText(served) };
    case "/state":
      return { code: 200, type: "application/json", text: `${JSON.stringify(stateDocument(served))}\n` };
    default:
      return plain(404, "there are /healthz, /readyz, /metrics and /state");
  }
}

function plain(code: number, text: string): Answer {
  return { code, type: "text/plain; charset=utf-8", text: `${text}\n` };
}
