import { afterEach, describe, expect, it } from "vitest";
import { KubeClient } from "../client/kube-client.ts";
import { resources } from "../client/resource.ts";
import { type Clock, systemClock } from "../clock.ts";
import { type Answer, ScriptedServer, json, refusal } from "../testing/api-server.ts";
import type { WatchEvent } from "./watch-event.ts";
import type { WatchLimits } from "./watch-limits.ts";
import { type WatchOptions, watchResource } from "./watch-resource.ts";

type Told = WatchEvent<string>;

function pod(name: string, version: number, ip = `10.0.0.${version}`) {
  return { metadata: { name, namespace: "a", resourceVersion: String(version) }, status: { podIP: ip } };
}

const line = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`;
const bookmark = (version: number) => line("BOOKMARK", { metadata: { resourceVersion: String(version) } });
const endOfList = (version: number) =>
  line("BOOKMARK", {
    metadata: { resourceVersion: String(version), annotations: { "k8s.io/initial-events-end": "true" } },
  });

/** A stream that stays open after these texts. */
const stream =
  (...texts: readonly string[]): Answer =>
  (response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    for (const text of texts) response.write(text);
  };
/** A stream that breaks off after these texts. */
const broken =
  (...texts: readonly string[]): Answer =>
  (response) => {
    response.writeHead(200, { "content-type": "application/json" });
    for (const text of texts) response.write(text);
    setTimeout(() => response.socket?.destroy(), 10);
  };
const page = (items: readonly unknown[], version: number, token = ""): Answer =>
  json({ kind: "PodList", apiVersion: "v1", metadata: { resourceVersion: String(version), continue: token }, items });
const noWatchList = refusal(
  422,
  "Invalid",
  "sendInitialEvents is forbidden for watch unless the WatchList gate is enabled",
);

const limits: Partial<WatchLimits> = {
  backoff: { firstMs: 5, longestMs: 20, forgetAfterMs: 1_000 },
  shortLifeMs: 0,
  missingRetryMs: 10,
  missingConfirmMs: 50,
};

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** Watches pods of a server that answers thus; `until` resolves with all that was told once a test's condition holds. */
async function watch(answers: readonly Answer[], options: Partial<WatchOptions<string>> = {}) {
  const server = await ScriptedServer.start(...answers);
  const timers = new Set<number>();
  const client = new KubeClient({ access: server.access(), clock: countingClock(timers) });
  const stop = new AbortController();
  const told: Told[] = [];
  const waiting = new Set<() => void>();
  const ended = watchResource<string>({
    client,
    resource: resources.pods,
    decode: ({ status }) => (status as { readonly podIP: string }).podIP,
    onEvent: (event) => {
      told.push(event);
      for (const check of waiting) check();
    },
    signal: stop.signal,
    ...options,
    limits: { ...limits, ...options.limits },
  });
  cleanups.push(async () => {
    stop.abort();
    await ended;
    client.close();
    await server.stop();
  });
  const until = (condition: (events: readonly Told[]) => boolean) =>
    new Promise<readonly Told[]>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`told only ${JSON.stringify(told)}`)), 5_000);
      const check = () => {
        if (!condition(told)) return;
        clearTimeout(late);
        waiting.delete(check);
        resolve(told);
      };
      waiting.add(check);
      check();
    });
  return { server, told, stop, ended, until, timers };
}

/** The real one, which notes the timers that are set. */
function countingClock(timers: Set<number>): Clock {
  let last = 0;
  return {
    ...systemClock,
    timer(delayMs, run) {
      const id = ++last;
      timers.add(id);
      const cancel = systemClock.timer(delayMs, () => {
        timers.delete(id);
        run();
      });
      return () => {
        timers.delete(id);
        cancel();
      };
    },
  };
}

const count = (kind: Told["kind"], wanted: number) => (events: readonly Told[]) =>
  events.filter((event) => event.kind === kind).length >= wanted;
const problems = (events: readonly Told[]) => events.flatMap((event) => (event.kind === "problem" ? [event.code] : []));
const asked = (server: ScriptedServer) =>
  server.asked.map(({ query }) => (query.has("watch") ? `watch ${query.get("resourceVersion") ?? "list"}` : "list"));

describe("a watch", () => {
  it("begins with the list, and follows", async () => {
    const { until, server } = await watch([
      stream(
        line("ADDED", pod("x", 1)),
        endOfList(2),
        line("ADDED", pod("y", 3)),
        line("DELETED", pod("x", 4)),
        bookmark(9),
      ),
    ]);
    expect(await until(count("heard", 1))).toEqual([
      { kind: "changed", key: "a/x", object: "10.0.0.1" },
      { kind: "synced", objects: 1 },
      { kind: "changed", key: "a/y", object: "10.0.0.3" },
      { kind: "removed", key: "a/x" },
      { kind: "heard" },
    ]);
    const [first] = server.asked;
    expect(Object.fromEntries(first?.query ?? [])).toMatchObject({
      watch: "true",
      allowWatchBookmarks: "true",
      sendInitialEvents: "true",
      resourceVersionMatch: "NotOlderThan",
    });
    const seconds = Number(first?.query.get("timeoutSeconds"));
    expect(seconds).toBeGreaterThanOrEqual(300);
    expect(seconds).toBeLessThanOrEqual(600);
  });

  it("lists page by page where the server does not take such watches", async () => {
    const { until, server } = await watch([
      noWatchList,
      page([pod("x", 1), pod("y", 2)], 5, "more"),
      page([pod("z", 3)], 6),
      stream(line("MODIFIED", pod("z", 7))),
    ]);
    const told = await until(count("changed", 4));
    expect(problems(told)).toEqual([]);
    expect(told.map((event) => event.kind)).toEqual(["changed", "changed", "changed", "synced", "heard", "changed"]);
    expect(asked(server)).toEqual(["watch list", "list", "list", "watch 5"]);
    expect(server.asked.map(({ query }) => query.get("limit"))).toEqual([null, "500", "500", null]);
    expect(server.asked[2]?.query.get("continue")).toBe("more");
  });

  it("lists page by page where the server ignores what it does not know", async () => {
    // Servers before 1.27 watch from now on, and send plain bookmarks.
    const { until } = await watch([stream(line("ADDED", pod("x", 1)), bookmark(2)), page([pod("x", 1)], 3), stream()]);
    const told = await until(count("heard", 1));
    expect(told.map((event) => event.kind)).toEqual(["problem", "changed", "synced", "heard"]);
  });

  it("asks for all at once where the server forgets the list between two pages", async () => {
    const { until, server } = await watch([
      noWatchList,
      page([pod("x", 1), pod("y", 2)], 5, "more"),
      refusal(410, "Expired", "The provided continue parameter is too old"),
      page([pod("y", 6), pod("z", 3)], 8),
      stream(),
    ]);
    const told = await until(count("heard", 1));
    expect(told.slice(0, 3)).toEqual([
      { kind: "changed", key: "a/y", object: "10.0.0.6" },
      { kind: "changed", key: "a/z", object: "10.0.0.3" },
      { kind: "synced", objects: 2 },
    ]);
    expect(server.asked[3]?.query.has("limit")).toBe(false);
    expect(asked(server).at(-1)).toBe("watch 8");
  });

  it("goes on where it was after half a line, and takes nothing from the half", async () => {
    const whole = line("MODIFIED", pod("x", 6));
    const { until, server } = await watch([
      broken(line("ADDED", pod("x", 1)), endOfList(2), line("MODIFIED", pod("x", 5)), whole.slice(0, whole.length / 2)),
      stream(whole),
    ]);
    const told = await until(count("changed", 3));
    expect(told).toMatchObject([
      { kind: "changed", object: "10.0.0.1" },
      { kind: "synced" },
      { kind: "changed", object: "10.0.0.5" },
      { kind: "problem", code: "unreachable" },
      { kind: "heard" },
      { kind: "changed", object: "10.0.0.6" },
    ]);
    expect(asked(server)).toEqual(["watch list", "watch 5"]);
  });

  it("goes on at once, without a word, when the server ends a watch in its time", async () => {
    const { until } = await watch([
      (response, { query, request }) => {
        stream(line("ADDED", pod("x", 1)), endOfList(2))(response, { method: "", path: "", query, request });
        response.end();
      },
      stream(),
    ]);
    const told = await until(count("heard", 1));
    expect(problems(told)).toEqual([]);
  });

  it("takes a server that ends every watch at once for one in trouble", async () => {
    const end: Answer = (response) => response.writeHead(200).end(endOfList(2));
    const { until } = await watch([end], { limits: { shortLifeMs: 10_000 } });
    const told = await until(count("problem", 3));
    expect(problems(told)).toEqual(["busy", "busy", "busy"]);
  });

  it.each([
    ["an answer", refusal(410, "Gone", "too old resource version: 2 (100)")],
    ["an event", stream(line("ERROR", { kind: "Status", code: 410, reason: "Expired", message: "too old" }))],
  ])("lists anew and tells the difference when history is gone, said by %s", async (_, expired) => {
    const { until, server } = await watch([
      broken(line("ADDED", pod("x", 1)), line("ADDED", pod("y", 2)), endOfList(2)),
      expired,
      stream(line("ADDED", pod("y", 2)), line("ADDED", pod("z", 90)), endOfList(100)),
    ]);
    const told = await until(count("synced", 2));
    expect(problems(told)).toEqual(["unreachable", "expired"]);
    expect(told.slice(-3)).toEqual([
      { kind: "removed", key: "a/x" },
      { kind: "changed", key: "a/z", object: "10.0.0.90" },
      { kind: "synced", objects: 2 },
    ]);
    expect(asked(server)).toEqual(["watch list", "watch 2", "watch list"]);
  });

  it("notices a server that falls silent, and comes again", async () => {
    const { until, server } = await watch([stream(endOfList(2)), stream(line("ADDED", pod("x", 3)))], {
      limits: { silenceMs: 60 },
    });
    const told = await until(count("changed", 1));
    expect(problems(told)).toEqual(["silent"]);
    expect(asked(server)).toEqual(["watch list", "watch 2"]);
  });

  it("is not fooled by silence between bookmarks that keep coming", async () => {
    const { until } = await watch(
      [
        (response) => {
          stream(endOfList(2))(response, undefined as never);
          let version = 3;
          const ticking = setInterval(() => response.write(bookmark(version++)), 20);
          response.on("close", () => clearInterval(ticking));
        },
      ],
      { limits: { silenceMs: 200 } },
    );
    const told = await until(count("heard", 20));
    expect(problems(told)).toEqual([]);
  });

  it("lists page by page after a list that never ends", async () => {
    const { until, server } = await watch([stream(line("ADDED", pod("x", 1))), page([pod("y", 2)], 3), stream()], {
      limits: { listSilenceMs: 50 },
    });
    const told = await until(count("heard", 1));
    expect(told.slice(0, 3)).toMatchObject([
      { kind: "problem", code: "silent" },
      { kind: "changed", key: "a/y" },
      { kind: "synced", objects: 1 },
    ]);
    expect(asked(server)).toEqual(["watch list", "list", "watch 3"]);
  });

  it("reports an object that is too long by name, and goes on", async () => {
    const huge = { ...pod("huge", 3), data: "x".repeat(300_000) };
    const { until, server } = await watch([stream(endOfList(2), line("ADDED", huge), line("ADDED", pod("x", 4)))], {
      limits: { maxObjectBytes: 100_000 },
    });
    expect(await until(count("changed", 1))).toEqual([
      { kind: "synced", objects: 0 },
      { kind: "unreadable", key: "a/huge", why: "it is too long" },
      { kind: "changed", key: "a/x", object: "10.0.0.4" },
    ]);
    expect(server.asked).toHaveLength(1);
  });

  it("reports what is in the way, and goes on trying", async () => {
    const { until } = await watch([
      refusal(403, "Forbidden", 'pods is forbidden: User "eve" cannot watch resource "pods"'),
      refusal(401, "Unauthorized", "Unauthorized"),
      refusal(503, "ServiceUnavailable", "not yet"),
      // Twice, as the first may be a kept connection that closes at the wrong moment.
      (response) => response.socket?.destroy(),
      (response) => response.socket?.destroy(),
      stream(endOfList(2)),
    ]);
    const told = await until(count("synced", 1));
    expect(problems(told)).toEqual(["denied", "denied", "busy", "unreachable"]);
    expect(told[0]).toMatchObject({
      message: expect.stringContaining('pods: GET /api/v1/pods: pods is forbidden: User "eve"'),
    });
  });

  it("leaves a busy server alone for as long as it asks", async () => {
    const { until, told } = await watch([
      refusal(429, "TooManyRequests", "busy", { "retry-after": "0.2" }),
      stream(endOfList(2)),
    ]);
    const startedAt = performance.now();
    await until(count("synced", 1));
    expect(performance.now() - startedAt).toBeGreaterThan(150);
    expect(told[0]).toMatchObject({ kind: "problem", code: "busy", retryInMs: 200 });
  });

  it("lists anew when the server went back in time", async () => {
    const { until } = await watch([
      stream(line("ADDED", pod("x", 7)), endOfList(50), line("MODIFIED", pod("x", 8))),
      stream(line("ADDED", pod("x", 7, "10.9.9.9")), endOfList(9)),
    ]);
    const told = await until(count("synced", 2));
    expect(problems(told)).toEqual(["rewound"]);
    expect(told.slice(-2)).toEqual([
      { kind: "changed", key: "a/x", object: "10.9.9.9" },
      { kind: "synced", objects: 1 },
    ]);
  });

  it("lists anew when the server has not got as far as it once was", async () => {
    const { until, server } = await watch([
      broken(line("ADDED", pod("x", 7)), endOfList(50)),
      refusal(504, "Timeout", "Too large resource version: 50, current: 9"),
      stream(line("ADDED", pod("y", 8)), endOfList(9)),
      stream(line("ADDED", pod("y", 8)), endOfList(9)),
    ]);
    const told = await until(count("synced", 2));
    expect(problems(told)).toEqual(["unreachable", "busy", "rewound"]);
    expect(told.slice(-3)).toMatchObject([
      { kind: "removed", key: "a/x" },
      { kind: "changed", key: "a/y" },
      { kind: "synced" },
    ]);
    expect(asked(server)).toEqual(["watch list", "watch 50", "watch list", "watch list"]);
  });

  it("takes a resource that the server does not know for empty, where that is all right", async () => {
    const missing: Answer = (response) => response.writeHead(404).end("404 page not found\n");
    const { until, server } = await watch([missing, missing, stream(line("ADDED", pod("x", 1)), endOfList(2))], {
      whenMissing: "empty",
    });
    const told = await until(count("synced", 2));
    expect(told.map((event) => event.kind)).toEqual(["synced", "changed", "synced"]);
    expect(server.asked).toHaveLength(3);
  });

  it("takes known objects for gone only when their resource stays unknown", async () => {
    const missing: Answer = (response) => response.writeHead(404).end("404 page not found\n");
    const { until } = await watch([broken(line("ADDED", pod("x", 1)), endOfList(2)), missing], {
      whenMissing: "empty",
    });
    const told = await until(count("synced", 2));
    expect(problems(told).slice(0, 2)).toEqual(["unreachable", "missing"]);
    expect(told.slice(-2)).toEqual([
      { kind: "removed", key: "a/x" },
      { kind: "synced", objects: 0 },
    ]);
  });

  it("reports a resource that the server does not know, where it must be there", async () => {
    const { until } = await watch([(response) => response.writeHead(404).end("404 page not found\n")]);
    expect(problems(await until(count("problem", 2)))).toEqual(["missing", "missing"]);
  });

  it("never ends by itself over an answer that makes no sense", async () => {
    const nonsense = [
      '{"type":"ADDED"}\n',
      "[]\n",
      "<html>\n",
      '{"type":"ADDED","object":[1,{"metadata":7}]}\n',
      "\u0000\n",
    ];
    const { until } = await watch([
      ...nonsense.map((text) => stream(endOfList(2), text)),
      json({ kind: "PodList", items: [] }),
      json({ kind: "PodList", items: [] }),
      stream(endOfList(3)),
    ]);
    const told = await until(count("synced", nonsense.length + 1));
    expect(problems(told)).toEqual([...nonsense.map(() => "garbled"), "busy", "garbled"]);
  });

  it("stops at once, tells nothing more, and leaves no connection and no timer", async () => {
    const { server, stop, ended, told, until, timers } = await watch([stream(endOfList(2))]);
    await until(count("synced", 1));
    expect(timers.size).toBeGreaterThan(0);
    const before = told.length;
    stop.abort();
    await ended;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(told).toHaveLength(before);
    expect(timers.size).toBe(0);
    expect(server.asked[0]?.request.socket.destroyed).toBe(true);
  });

  it("stops at once while it waits to try again", async () => {
    const { stop, ended, until, timers } = await watch([refusal(503, "ServiceUnavailable", "not yet")], {
      limits: { backoff: { firstMs: 60_000, longestMs: 60_000, forgetAfterMs: 1 } },
    });
    await until(count("problem", 1));
    stop.abort();
    await ended;
    expect(timers.size).toBe(0);
  });

  it("stops in the middle of what it tells", async () => {
    const stopping = new AbortController();
    const told: string[] = [];
    const { ended } = await watch([stream(line("ADDED", pod("x", 1)), line("ADDED", pod("y", 2)), endOfList(2))], {
      signal: stopping.signal,
      onEvent: ({ kind }) => {
        told.push(kind);
        stopping.abort();
      },
    });
    await ended;
    expect(told).toEqual(["changed"]);
  });

  it("fails loudly with what its consumer throws", async () => {
    const server = await ScriptedServer.start(stream(endOfList(2)));
    const client = new KubeClient({ access: server.access() });
    const watching = watchResource({
      client,
      resource: resources.pods,
      decode: () => "",
      onEvent: () => {
        throw new TypeError("a bug");
      },
      signal: new AbortController().signal,
    });
    await expect(watching).rejects.toThrow(new TypeError("a bug"));
    client.close();
    await server.stop();
  });
});
