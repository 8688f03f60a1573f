import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { AccessError } from "../access/access-error.ts";
import type { ApiAccess, ApiCredentials } from "../access/api-access.ts";
import { type Clock, sleep, systemClock } from "../clock.ts";
import { statusOfAnswer } from "./api-status.ts";
import { KubeError } from "./kube-error.ts";
import type { KubeObject } from "./kube-object.ts";
import { readBody } from "./read-body.ts";
import { readObject } from "./read-object.ts";
import { type Resource, type ResourceName, pathOf } from "./resource.ts";
import { Transport } from "./transport.ts";

export interface KubeClientOptions {
  readonly access: ApiAccess;
  readonly clock?: Clock;
  /** As the API server's audit log names the client. */
  readonly userAgent?: string;
  /** For an answer to begin, and for one that is not a list or watch to be whole; 30 seconds by default. */
  readonly timeoutMs?: number;
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface ApiRequest {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the server: `/api/v1/pods`. */
  readonly path: string;
  /** What is undefined is left out. */
  readonly query?: Query;
  readonly body?: unknown;
  /** JSON's by default. */
  readonly contentType?: string;
  /** Besides those that every request has; `accept` instead of JSON's. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The server may compress the answer: wanted for what is long, never for what must come at once. */
  readonly compressed?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** How a patch is meant; see the API's page on server-side apply and patch. */
export type PatchType = "merge" | "json" | "strategic-merge" | "apply";

export interface WriteOptions extends ResourceName {
  readonly query?: Query;
  readonly signal?: AbortSignal;
}

/** More is no sensible single object: etcd holds at most 1.5 MiB of one. */
const maxObjectBytes = 8 * 1024 * 1024;
const maxStatusBytes = 64 * 1024;
/** Answers 429 after which the caller is told; the longest wait the server may ask for. */
const busyTries = 4;
const longestRetryAfterMs = 30_000;

/** A Kubernetes API server, seen through HTTP. Everything rejects with a `KubeError`. */
export class KubeClient {
  readonly access: ApiAccess;
  readonly clock: Clock;
  readonly #transport: Transport;
  readonly #userAgent: string;
  readonly #timeoutMs: number;

  constructor({ access, clock = systemClock, userAgent = "podwall", timeoutMs = 30_000 }: KubeClientOptions) {
    this.access = access;
    this.clock = clock;
    this.#transport = new Transport(access, clock);
    this.#userAgent = userAgent;
    this.#timeoutMs = timeoutMs;
  }

  /** Ends all connections. */
  close(): void {
    this.#transport.close();
  }

  async get(resource: Resource, at: WriteOptions & { readonly name: string }): Promise<KubeObject> {
    return readObject(await this.call({ path: pathOf(resource, at), ...sendOptions(at) }));
  }

  async create(resource: Resource, object: unknown, at: WriteOptions = {}): Promise<KubeObject> {
    const path = pathOf(resource, at);
    return readObject(await this.call({ method: "POST", path, body: object, ...sendOptions(at) }));
  }

  /** Writes a whole object; refused with `Conflict` where its resourceVersion is not the stored one. */
  async replace(
    resource: Resource,
    object: unknown,
    at: WriteOptions & { readonly name: string },
  ): Promise<KubeObject> {
    const path = pathOf(resource, at);
    return readObject(await this.call({ method: "PUT", path, body: object, ...sendOptions(at) }));
  }

  async patch(
    resource: Resource,
    patch: unknown,
    at: WriteOptions & { readonly name: string; readonly type?: PatchType },
  ): Promise<KubeObject> {
    const type = at.type ?? "merge";
    // YAML is what the API server calls an apply patch, and JSON is YAML.
    const contentType = type === "apply" ? "application/apply-patch+yaml" : `application/${type}-patch+json`;
    const path = pathOf(resource, at);
    return readObject(await this.call({ method: "PATCH", path, body: patch, contentType, ...sendOptions(at) }));
  }

  /** The object may go on for a while, until its finalizers and grace period are over. */
  async delete(resource: Resource, at: WriteOptions & { readonly name: string }): Promise<void> {
    await this.call({ method: "DELETE", path: pathOf(resource, at), ...sendOptions(at) });
  }

  /** The answer as JSON. Where the server is busy and says when to come again, does. */
  async call(request: ApiRequest): Promise<unknown> {
    const body = await this.#openPatiently(request);
    const { origin } = this.access.server;
    const text = await readBody(body, {
      origin,
      clock: this.clock,
      maxBytes: maxObjectBytes,
      timeoutMs: this.#timeoutMs,
    });
    try {
      return JSON.parse(text);
    } catch (error) {
      const start = JSON.stringify(text.slice(0, 80));
      throw new KubeError("garbled", `${origin} did not answer with JSON, but with ${start}`, { cause: error });
    }
  }

  /**
   * The body of a good answer, decompressed, to be read or destroyed by the caller. A token that is refused is read
   * anew and tried once more.
   */
  async open(request: ApiRequest): Promise<Readable> {
    const credentials = await this.#credentials();
    const first = await this.#send(request, credentials);
    if (first.statusCode !== 401) return this.#goodBody(request, first);
    this.access.refused(credentials);
    const renewed = await this.#credentials();
    if (renewed === credentials) return this.#goodBody(request, first);
    first.destroy();
    return this.#goodBody(request, await this.#send(request, renewed));
  }

  async #openPatiently(request: ApiRequest): Promise<Readable> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.open(request);
      } catch (error) {
        const status = error instanceof KubeError ? error.status : undefined;
        if (status?.code !== 429 || tries === busyTries) throw error;
        await sleep(this.clock, Math.min(status.retryAfterMs ?? 1_000, longestRetryAfterMs), request.signal);
      }
    }
  }

  async #credentials(): Promise<ApiCredentials> {
    try {
      return await this.access.credentials();
    } catch (error) {
      if (!(error instanceof AccessError)) throw error;
      throw new KubeError("access", error.message, { cause: error });
    }
  }

  #send(request: ApiRequest, credentials: ApiCredentials): Promise<IncomingMessage> {
    const { method = "GET", path, query = {}, body, contentType = "application/json", compressed = false } = request;
    const headers = {
      accept: "application/json",
      ...request.headers,
      "user-agent": this.#userAgent,
      ...(compressed ? { "accept-encoding": "gzip" } : {}),
      ...(body === undefined ? {} : { "content-type": contentType }),
    };
    return this.#transport.send(
      {
        method,
        path: `${path}${queryText(query)}`,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: request.signal,
        answerTimeoutMs: this.#timeoutMs,
      },
      credentials,
    );
  }

  async #goodBody({ method = "GET", path }: ApiRequest, answer: IncomingMessage): Promise<Readable> {
    const code = answer.statusCode ?? 0;
    const body = decompressed(answer);
    if (code >= 200 && code < 300) return body;
    const { origin } = this.access.server;
    const text = await readBody(body, {
      origin,
      clock: this.clock,
      maxBytes: maxStatusBytes,
      timeoutMs: this.#timeoutMs,
    });
    const status = statusOfAnswer(code, text, answer.headers["retry-after"]);
    const reason = status.reason === "" ? (answer.statusMessage ?? "") : status.reason;
    throw new KubeError("status", `${method} ${path}: ${status.message} (${code} ${reason})`, { status });
  }
}

function sendOptions({ query, signal }: WriteOptions): Pick<ApiRequest, "query" | "signal"> {
  return { ...(query === undefined ? {} : { query }), signal };
}

function queryText(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  return parameters.size === 0 ? "" : `?${parameters.toString()}`;
}

function decompressed(answer: IncomingMessage): Readable {
  if (answer.headers["content-encoding"] !== "gzip") return answer;
  // An error of either end goes to the reader of the other.
  return pipeline(answer, createGunzip(), () => undefined);
}
