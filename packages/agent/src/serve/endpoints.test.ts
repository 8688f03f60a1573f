import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import { type Socket, connect } from "node:net";
import { type TLSSocket, connect as tlsConnect } from "node:tls";
import { systemClock } from "@podwall/kube";
import { describe, expect, it, onTestFinished } from "vitest";
import { patience } from "../patience.ts";
import type { Served } from "./describe.ts";
import { type EndpointProtection, type Endpoints, serveEndpoints } from "./endpoints.ts";
import type { Guard } from "./guard.ts";
import { AgentMetrics } from "./metrics.ts";
import { selfSigned } from "./tls/self-signed.ts";

const served = {
  node: "node-1",
  agent: { applied: undefined, failing: undefined, pending: false, pendingMs: 0, troubles: new Map<string, string>() },
  source: { follow: async () => undefined, snapshot: () => undefined, progress: () => new Map() },
  metrics: new AgentMetrics(),
  bypasses: { found: [] },
  denied: async () => ({ flows: 0, packets: { egress: 0, ingress: 0 } }),
};
const make = () => selfSigned({ name: "node-1", now: Date.UTC(2026, 0) });
const guard: Guard = {
  admit: async (token) =>
    token === "good" ? { kind: "admitted" } : { kind: "refused", code: 401, because: "show a token" },
};

async function serve(
  protection: Omit<EndpointProtection, "clock">,
  now = (): number => 0,
  what: Served = served,
): Promise<Endpoints> {
  const clock = { ...systemClock, now };
  const endpoints = await serveEndpoints(what, { host: "127.0.0.1", port: 0 }, { ...protection, clock });
  onTestFinished(() => endpoints.close());
  return endpoints;
}

function get({ port }: Endpoints, path: string, scheme: "http" | "https", token?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const options = { port, path, headers, host: "127.0.0.1", rejectUnauthorized: false, agent: false as const };
    const asked = (scheme === "https" ? https : http).request(options, (response) => {
      response.resume();
      resolve(`${response.statusCode}`);
    });
    asked.on("error", reject);
    asked.end();
  });
}

/** Resolves when TLS is agreed on, in a version up to this one. */
async function handshake({ port }: Endpoints, maxVersion: "TLSv1.1" | "TLSv1.2" | "TLSv1.3"): Promise<TLSSocket> {
  // Old versions are only offered by clients that put up with weak ciphers.
  const ciphers = "DEFAULT@SECLEVEL=0";
  const socket = tlsConnect({
    port,
    host: "127.0.0.1",
    rejectUnauthorized: false,
    minVersion: "TLSv1",
    maxVersion,
    ciphers,
  });
  onTestFinished(() => void socket.destroy());
  await once(socket, "secureConnect");
  return socket;
}

describe("endpoints with a certificate", () => {
  it("speak HTTPS alone, TLS 1.2 at least", async () => {
    const endpoints = await serve({ guard, certificate: make() });
    expect(await get(endpoints, "/healthz", "https")).toBe("200");
    expect(await get(endpoints, "/state", "https")).toBe("401");
    expect(await get(endpoints, "/state", "https", "good")).toBe("200");
    await expect(get(endpoints, "/healthz", "http")).rejects.toThrow(/socket hang up|ECONNRESET/);
    await expect(handshake(endpoints, "TLSv1.1")).rejects.toThrow(/protocol version/);
    expect((await handshake(endpoints, "TLSv1.2")).getProtocol()).toBe("TLSv1.2");
    expect((await handshake(endpoints, "TLSv1.3")).getProtocol()).toBe("TLSv1.3");
  });

  it("show a new one to whoever comes after it was renewed", async () => {
    const [one, other] = [make(), make()];
    const endpoints = await serve({ guard, certificate: one });
    const before = await handshake(endpoints, "TLSv1.3");
    endpoints.renew(other);
    const after = await handshake(endpoints, "TLSv1.3");
    const shown = [before, after].map((socket) => socket.getPeerX509Certificate()?.toString());
    expect(shown).toEqual([one.cert, other.cert]);
    expect(before.destroyed).toBe(false);
  });
});

describe.each([
  ["endpoints with a certificate", { certificate: make() }],
  ["endpoints without one", {}],
] as const)("%s", (_name, protection) => {
  it("end every connection when they are closed, those that said nothing too", async () => {
    const endpoints = await serve(protection);
    const socket = await opened(endpoints);
    endpoints.close();
    await once(socket, "close");
  });

  it("let go whoever asks and takes nothing of the answers", async () => {
    const large = { ...served, node: "n".repeat(100_000) };
    const endpoints = await serve({ ...protection, standstillMs: 200 }, undefined, large);
    for (let count = 0; count < 32; count++) await greedy(endpoints);
    const scheme = "certificate" in protection ? "https" : "http";
    await expect.poll(() => get(endpoints, "/healthz", scheme).catch(() => ""), { timeout: 60_000 }).toBe("200");
  });

  it("let one address hold 32 connections", async () => {
    const endpoints = await serve(protection);
    const sockets: Socket[] = [];
    for (let count = 0; count < 32; count++) sockets.push(await opened(endpoints));
    const oneMore = await opened(endpoints);
    await once(oneMore, "close");
    expect(sockets.filter(({ destroyed }) => destroyed)).toEqual([]);
    sockets[0]?.destroy();
    await once(sockets[0] as Socket, "close");
    const scheme = "certificate" in protection ? "https" : "http";
    await expect.poll(() => get(endpoints, "/healthz", scheme).catch(() => ""), patience).toBe("200");
  });

  it("let one address open 64 connections a second", async () => {
    let now = 5_000;
    const endpoints = await serve(protection, () => now);
    const scheme = "certificate" in protection ? "https" : "http";
    for (let count = 0; count < 64; count++) expect(await get(endpoints, "/healthz", scheme)).toBe("200");
    now += 999;
    await expect(get(endpoints, "/healthz", scheme)).rejects.toThrow(/socket hang up|ECONNRESET|disconnected/);
    now += 1;
    expect(await get(endpoints, "/healthz", scheme)).toBe("200");
  });

  /** Asks for more than lies in buffers on the way, and reads none of it. */
  async function greedy(endpoints: Endpoints): Promise<Socket> {
    const { port } = endpoints;
    const socket = "certificate" in protection ? await handshake(endpoints, "TLSv1.3") : connect(port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    socket.on("error", () => undefined);
    socket.pause();
    socket.write("GET /state HTTP/1.1\r\nhost: a\r\n\r\n".repeat(200));
    return socket;
  }

  async function opened({ port }: Endpoints): Promise<Socket> {
    const socket = connect(port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    socket.on("error", () => undefined);
    await once(socket, "connect");
    // Without this its end is not seen.
    socket.resume();
    return socket;
  }
});
