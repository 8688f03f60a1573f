import { afterEach, describe, expect, it } from "vitest";
import { KubeClient } from "../client/kube-client.ts";
import { KubeError } from "../client/kube-error.ts";
import { resources } from "../client/resource.ts";
import { type Answer, ScriptedServer, json, refusal } from "../testing/api-server.ts";
import { listObjects } from "./list-objects.ts";

let server: ScriptedServer;
let client: KubeClient;

const object = (name: string) => ({ metadata: { name, namespace: "x", resourceVersion: "1" } });
const page = (names: readonly string[], next?: string): Answer =>
  json({ kind: "PodList", metadata: { resourceVersion: "9", continue: next }, items: names.map(object) });

async function list(...answers: readonly Answer[]): Promise<readonly string[]> {
  server = await ScriptedServer.start(...answers);
  client = new KubeClient({ access: server.access() });
  return listObjects({
    client,
    resource: resources.pods,
    namespace: "x",
    limits: { maxObjectBytes: 1_000 },
    signal: new AbortController().signal,
    keep: ({ metadata }) => metadata.name,
  });
}

afterEach(async () => {
  client.close();
  await server.stop();
});

describe("all objects of a resource", () => {
  it("are read page by page, in one namespace where one is named", async () => {
    expect(await list(page(["a", "b"], "more"), page(["c"]))).toEqual(["a", "b", "c"]);
    expect(server.asked.map(({ path, query }) => [path, query.get("continue")])).toEqual([
      ["/api/v1/namespaces/x/pods", null],
      ["/api/v1/namespaces/x/pods", "more"],
    ]);
  });

  it("are read anew where the server forgot the list before its last page, and each is there once", async () => {
    const forgot = refusal(410, "Expired", "too old");
    expect(await list(page(["a", "b"], "more"), forgot, page(["a", "c"]))).toEqual(["a", "c"]);
  });

  it("are asked for again where the server is busy, but not for ever", async () => {
    const busy = refusal(429, "TooManyRequests", "busy", { "retry-after": "0.01" });
    expect(await list(busy, busy, page(["a"]))).toEqual(["a"]);
    client.close();
    await server.stop();
    await expect(list(busy)).rejects.toMatchObject({ status: { code: 429 } });
    expect(server.asked).toHaveLength(4);
  });

  it.each([
    ["has no name", json({ metadata: { resourceVersion: "9" }, items: [{ metadata: {} }] }), "metadata.name"],
    [
      "is too long",
      json({ metadata: { resourceVersion: "9" }, items: [{ ...object("big"), data: "x".repeat(2_000) }] }),
      "x/big",
    ],
    ["is in no list", json({ kind: "Pod" }), "no list"],
    ["is no JSON", (response: Parameters<Answer>[0]) => response.end("<html>"), ""],
  ])("are not given without one that %s", async (_, answer, words) => {
    const failure = await list(answer).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(KubeError);
    expect((failure as KubeError).message).toContain(words);
  });
});
