import { once } from "node:events";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeClient, systemClock } from "@podwall/kube";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { patience } from "./patience.ts";
import { removeTaint } from "./node-taint.ts";

const taint = "podwall.dev/not-ready";

/** Removes the taint from a Node that has it, where the API server takes a patch as `onPatch` says. */
async function removing(onPatch: (response: ServerResponse) => void) {
  const metadata = { name: "here", resourceVersion: "1" };
  const spec = { taints: [{ key: taint, effect: "NoSchedule" }] };
  const annotations = { "k8s.io/initial-events-end": "true" };
  let patches = 0;
  const server = createServer((request: IncomingMessage, response) => {
    request.resume();
    if (request.method === "PATCH") {
      patches += 1;
      onPatch(response);
      return;
    }
    for (const event of [
      { type: "ADDED", object: { metadata, spec } },
      { type: "BOOKMARK", object: { metadata: { resourceVersion: "1", annotations } } },
    ])
      response.write(`${JSON.stringify(event)}\n`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const access = {
    name: "test",
    server: new URL(`http://127.0.0.1:${port}`),
    namespace: "default",
    credentials: async () => ({ headers: {}, tls: {} }),
    refused: () => undefined,
  };
  // Waits are a thousand times shorter, but for the one in which an answer must come.
  const clock = {
    ...systemClock,
    timer: (delayMs: number, run: () => void) => systemClock.timer(delayMs / 1_000, run),
  };
  const client = new KubeClient({ access });
  const stop = new AbortController();
  const said: string[] = [];
  const log = (_level: string, message: string): void => void said.push(message);
  const done = removeTaint({ client, node: "here", taint, isReady: () => true, clock, log }, stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await done;
    client.close();
    server.close();
  });
  return { done, stop, said, patches: () => patches };
}

describe("taking a taint off a node", () => {
  it("ends with the agent, though the API server does not answer", { timeout: 15_000 }, async () => {
    const { done, stop, said, patches } = await removing(() => undefined);
    await vi.waitFor(() => expect(patches()).toBe(1), patience);
    stop.abort();
    await done;
    expect(said).toEqual([]);
  });

  it("says once that it may not, however often it tries", async () => {
    const { said, patches } = await removing((response) => {
      response.writeHead(403, { "content-type": "application/json" });
      response.end(JSON.stringify({ kind: "Status", code: 403, reason: "Forbidden", message: "no right to patch" }));
    });
    await vi.waitFor(() => expect(patches()).toBeGreaterThan(5), patience);
    expect(said).toEqual(["the node's taint cannot be removed"]);
  });
});
