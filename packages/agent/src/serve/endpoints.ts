import { once } from "node:events";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Clock } from "@podwall/kube";
import { Connections } from "./connections.ts";
import { type Served, metricsText, notReady, stateDocument } from "./describe.ts";
import type { Guard } from "./guard.ts";
import type { ListenAddress } from "./listen-address.ts";
import { selfState } from "./self.ts";
import type { Certificate } from "./tls/certificate.ts";

interface Answer {
  readonly code: number;
  readonly type: "text/plain; version=0.0.4; charset=utf-8" | "text/plain; charset=utf-8" | "application/json";
  readonly text: string;
}

/** A request is a few lines; whoever takes longer keeps others out. */
const requestTimeoutMs = 10_000;
/** Whoever takes nothing of an answer for so long is let go: what is not taken lies in memory. */
const standstillMs = 30_000;
const limits = {
  headersTimeout: requestTimeoutMs,
  requestTimeout: requestTimeoutMs,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};

/** How the endpoints are protected. */
export interface EndpointProtection {
  readonly clock: Clock;
  /** Lets in who may read; anybody may where not given. */
  readonly guard?: Guard;
  /** For HTTPS; plain HTTP where not given. */
  readonly certificate?: Certificate;
  /** For how long a connection may stand still in the middle of something; 30 seconds where not given. */
  readonly standstillMs?: number;
}

/** The endpoints, which answer. */
export interface Endpoints {
  readonly port: number;
  /** Connections from now on get this certificate. Only where there was one before. */
  renew(certificate: Certificate): void;
  /** Ends all connections. */
  close(): void;
}

/**
 * Serves `/healthz`, `/readyz`, `/self`, `/metrics` and `/state`; the last two for whom the guard lets in, where there is one.
 * Rejects where nobody can listen there.
 */
export async function serveEndpoints(
  served: Served,
  { host, port }: ListenAddress,
  { clock, guard, certificate, standstillMs: stillMs = standstillMs }: EndpointProtection,
): Promise<Endpoints> {
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    void respond(served, guard, request, response);
  };
  const tlsServer =
    certificate === undefined
      ? undefined
      : createTlsServer({ ...limits, handshakeTimeout: requestTimeoutMs, ...withTls(certificate) }, onRequest);
  const server = tlsServer ?? createServer(limits, onRequest);
  const connections = new Connections(server, clock);
  server.listen(port, host);
  await once(server, "listening");
  server.setTimeout(stillMs);
  // A connection that could not be taken, as where no file descriptor is left, is its caller's to try again.
  server.on("error", () => undefined);
  return {
    port: (server.address() as AddressInfo).port,
    renew: (next) => tlsServer?.setSecureContext(withTls(next)),
    close: () => {
      server.close();
      connections.endAll();
    },
  };
}

/** TLS as node components serve it: version 1.2 at least, with Node's choice of ciphers. */
function withTls(certificate: Certificate) {
  return { ...certificate, minVersion: "TLSv1.2" } as const;
}

async function respond(
  served: Served,
  guard: Guard | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // What went wrong may hold names that are not for everybody.
  const hidden = guard === undefined ? undefined : "it failed";
  const { code, type, text } = await answerTo(served, guard, request).catch((error: unknown) =>
    plain(500, hidden ?? String(error)),
  );
  const challenge = code === 401 ? { "www-authenticate": "Bearer" } : {};
  response.writeHead(code, { "content-type": type, "cache-control": "no-store", ...challenge });
  response.end(request.method === "HEAD" ? undefined : text);
}

async function answerTo(served: Served, guard: Guard | undefined, request: IncomingMessage): Promise<Answer> {
  const { method, url = "" } = request;
  if (method !== "GET" && method !== "HEAD") return plain(405, "only GET");
  const path = url.split("?")[0] ?? "";
  switch (path) {
    // The kubelet probes these two and has no token to show. They say a word and no more.
    case "/healthz":
      return plain(200, "ok");
    case "/readyz": {
      const because = notReady(served);
      if (because === undefined) return plain(200, "ok");
      return plain(503, guard === undefined ? because : "not ready");
    }
    case "/self": {
      // Pods need no token to hear about themselves; what a pod is told it finds out by sending, too.
      const self = selfState(served, request.socket.remoteAddress);
      if (self === undefined) return plain(404, "no pod of this node has your address");
      return json({ apiVersion: "podwall.dev/v1", kind: "SelfState", ...self });
    }
    case "/metrics":
    case "/state": {
      const from = request.socket.remoteAddress ?? "";
      const admission = (await guard?.admit(tokenOf(request), path, from)) ?? { kind: "admitted" };
      if (admission.kind === "refused") return plain(admission.code, admission.because);
      if (path === "/state") return json(stateDocument(served));
      return { code: 200, type: "text/plain; version=0.0.4; charset=utf-8", text: await metricsText(served) };
    }
    default:
      return plain(404, "there are /healthz, /readyz, /self, /metrics and /state");
  }
}

/** The API server's proxy takes the usual header away, so its other name is taken too. */
function tokenOf({ headers }: IncomingMessage): string | undefined {
  const value = headers["podwall-authorization"] ?? headers.authorization;
  return typeof value === "string" ? /^Bearer ([\x21-\x7e]+)$/i.exec(value.trim())?.[1] : undefined;
}

function json(document: object): Answer {
  return { code: 200, type: "application/json", text: `${JSON.stringify(document)}\n` };
}

function plain(code: number, text: string): Answer {
  return { code, type: "text/plain; charset=utf-8", text: `${text}\n` };
}
