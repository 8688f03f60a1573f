import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { AccessError } from "../access/access-error.ts";
import { type Answer, ScriptedServer, json, refusal } from "../testing/api-server.ts";
import { KubeClient } from "./kube-client.ts";
import { KubeError } from "./kube-error.ts";
import { resources } from "./resource.ts";

const namespace = { kind: "Namespace", metadata: { name: "a", resourceVersion: "7" } };
let server: ScriptedServer;
let client: KubeClient;

async function start(answers: readonly Answer[], options: { tokens?: readonly string[]; timeoutMs?: number } = {}) {
  server = await ScriptedServer.start(...answers);
  client = new KubeClient({ access: server.access(options), timeoutMs: options.timeoutMs ?? 5_000 });
}

afterEach(async () => {
  client.close();
  await server.stop();
});

async function failure(promise: Promise<unknown>): Promise<KubeError> {
  const error = await promise.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  if (error instanceof KubeError) return error;
  throw error;
}

const getA = () => client.get(resources.namespaces, { name: "a" });

describe("the client", () => {
  it("reads an object with its token, over one connection", async () => {
    await start([json(namespace)]);
    expect((await getA()).metadata.name).toBe("a");
    await getA();
    const [first, second] = server.asked;
    expect(first).toMatchObject({ method: "GET", path: "/api/v1/namespaces/a" });
    expect(first?.request.headers.authorization).toBe("Bearer secret");
    expect(second?.request.socket).toBe(first?.request.socket);
  });

  it("writes objects, and escapes names in paths", async () => {
    await start([json(namespace)]);
    await client.create(resources.pods, { spec: {} }, { namespace: "a" });
    await client.patch(resources.pods, { metadata: {} }, { namespace: "a", name: "x/../y", subresource: "status" });
    await client.delete(resources.pods, { namespace: "a", name: "y", query: { gracePeriodSeconds: 0 } });
    expect(server.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /api/v1/namespaces/a/pods",
      "PATCH /api/v1/namespaces/a/pods/x%2F..%2Fy/status",
      "DELETE /api/v1/namespaces/a/pods/y",
    ]);
    expect(server.asked[1]?.request.headers["content-type"]).toBe("application/merge-patch+json");
    expect(server.asked[2]?.query.get("gracePeriodSeconds")).toBe("0");
  });

  it("gives a refusal as data", async () => {
    await start([refusal(403, "Forbidden", 'namespaces "a" is forbidden: User "eve" cannot get it')]);
    const error = await failure(getA());
    expect(error.kind).toBe("status");
    expect(error.status).toMatchObject({ code: 403, reason: "Forbidden" });
    expect(error.message).toBe(
      'GET /api/v1/namespaces/a: namespaces "a" is forbidden: User "eve" cannot get it (403 Forbidden)',
    );
  });

  it("reads a refused token anew, and tries once more", async () => {
    await start([refusal(401, "Unauthorized", "no"), json(namespace)], { tokens: ["old", "new"] });
    expect((await getA()).metadata.name).toBe("a");
    expect(server.asked.map(({ request }) => request.headers.authorization)).toEqual(["Bearer old", "Bearer new"]);
  });

  it("does not try a refused token twice", async () => {
    await start([refusal(401, "Unauthorized", "no")]);
    expect((await failure(getA())).status?.code).toBe(401);
    expect(server.asked).toHaveLength(1);
  });

  it("comes again when a busy server says to", async () => {
    await start([refusal(429, "TooManyRequests", "busy", { "retry-after": "0.05" }), json(namespace)]);
    const startedAt = performance.now();
    await getA();
    expect(performance.now() - startedAt).toBeGreaterThan(45);
    expect(server.asked).toHaveLength(2);
  });

  it("gives up on a server that stays busy", async () => {
    await start([refusal(429, "TooManyRequests", "busy", { "retry-after": "0.01" })]);
    expect((await failure(getA())).status).toMatchObject({ code: 429, retryAfterMs: 10 });
    expect(server.asked).toHaveLength(4);
  });

  it("says that what answers is no Kubernetes API", async () => {
    await start([(response) => response.end("<html>Sign in</html>")]);
    expect(await failure(getA())).toMatchObject({ kind: "garbled" });
  });

  it("keeps the start of an error page", async () => {
    await start([(response) => response.writeHead(502, "Bad Gateway").end("<html>nothing there</html>")]);
    expect((await failure(getA())).message).toBe(
      "GET /api/v1/namespaces/a: <html>nothing there</html> (502 Bad Gateway)",
    );
  });

  it("reads no more of an answer than an object can have, compressed or not", async () => {
    const large = Buffer.from(JSON.stringify({ ...namespace, data: "x".repeat(9_000_000) }));
    await start([
      (response) => response.end(large),
      (response) => response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(large)),
    ]);
    expect((await failure(getA())).kind).toBe("too-large");
    expect((await failure(client.call({ path: "/", compressed: true }))).kind).toBe("too-large");
  });

  it("does not wait for ever: for an answer, or for its end", async () => {
    await start([() => undefined, (response) => response.writeHead(200).write('{"half":')], { timeoutMs: 50 });
    expect((await failure(getA())).kind).toBe("timeout");
    expect((await failure(getA())).kind).toBe("timeout");
  });

  it("stops at once when told to", async () => {
    await start([() => undefined, (response) => response.writeHead(200).write('{"half":')]);
    for (const _ of [1, 2]) {
      const stop = new AbortController();
      const asked = failure(client.call({ path: "/", signal: stop.signal }));
      setTimeout(() => stop.abort(), 30);
      expect((await asked).kind).toBe("stopped");
    }
    expect((await failure(client.call({ path: "/", signal: AbortSignal.abort() }))).kind).toBe("stopped");
  });

  it("reads again where a kept connection was just closed by the server", async () => {
    await start([json(namespace), (response) => response.socket?.destroy(), json(namespace)]);
    await getA();
    await getA();
    expect(server.asked).toHaveLength(3);
  });

  it("never sends a write twice", async () => {
    await start([json(namespace), (response) => response.socket?.destroy(), json(namespace)]);
    await getA();
    const error = await failure(client.create(resources.namespaces, namespace));
    expect(error.kind).toBe("unreachable");
    expect(server.asked).toHaveLength(2);
  });

  it("names the server it cannot reach", async () => {
    await start([json(namespace)]);
    const { origin } = client.access.server;
    await server.stop();
    const error = await failure(getA());
    expect(error.kind).toBe("unreachable");
    expect(error.message).toContain(`cannot speak to ${origin}: connect ECONNREFUSED`);
    server = await ScriptedServer.start(json(namespace));
  });

  it("says why it has no credentials", async () => {
    await start([json(namespace)]);
    const refuse = () => Promise.reject(new AccessError("/token: the token is empty"));
    const lost = new KubeClient({ access: { ...client.access, credentials: refuse } });
    expect(await failure(lost.call({ path: "/" }))).toMatchObject({
      kind: "access",
      message: "/token: the token is empty",
    });
  });
});
