import type { ServerResponse } from "node:http";
import { onTestFinished, describe, expect, it, vi } from "vitest";
import { KubeClient } from "../client/kube-client.ts";
import { resources } from "../client/resource.ts";
import { type Answer, ScriptedServer, refusal } from "../testing/api-server.ts";
import { followDefinition } from "./follow-definition.ts";
import type { WatchEvent } from "./watch-event.ts";
import type { WatchLimits } from "./watch-limits.ts";
import { watchResource } from "./watch-resource.ts";

const resource = resources.clusterNetworkPolicies;
const name = "clusternetworkpolicies.policy.networking.k8s.io";
const notFound: Answer = (response) => response.writeHead(404).end("404 page not found\n");
/** No look that is due by the clock alone comes within a test. */
const patient: Partial<WatchLimits> = {
  backoff: { firstMs: 5, longestMs: 20, forgetAfterMs: 1_000 },
  shortLifeMs: 0,
  missingRetryMs: 600_000,
  missingConfirmMs: 600_000,
  establishMs: 600_000,
};

const line = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`;
const object = (called: string, version: number) => ({ metadata: { name: called, resourceVersion: `${version}` } });
const endOfList = (version: number) =>
  line("BOOKMARK", {
    metadata: { resourceVersion: `${version}`, annotations: { "k8s.io/initial-events-end": "true" } },
  });

/** A server of policies and their definition, which a test changes, and what a watch of the policies tells. */
async function watchPolicies(limits: Partial<WatchLimits>, first: { readonly definition?: Answer } = {}) {
  const open = { policies: new Set<ServerResponse>(), definitions: new Set<ServerResponse>() };
  let served: readonly string[] | undefined;
  let defined: readonly string[] = [];
  let next: Answer | undefined;
  const stream = (into: Set<ServerResponse>, lines: readonly string[]): Answer => {
    return (response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.flushHeaders();
      for (const one of lines) response.write(one);
      into.add(response);
      response.on("close", () => into.delete(response));
    };
  };
  const server = await ScriptedServer.start((response, asked) => {
    const isDefinition = asked.path.endsWith("/customresourcedefinitions");
    const answer = isDefinition
      ? (first.definition ?? stream(open.definitions, [...defined, endOfList(1)]))
      : (next ?? (served === undefined ? notFound : stream(open.policies, [...served, endOfList(10)])));
    if (!isDefinition) next = undefined;
    answer(response, asked);
  });
  const client = new KubeClient({ access: server.access() });
  const stop = new AbortController();
  const told: WatchEvent<string>[] = [];
  const ended = watchResource<string>({
    client,
    resource,
    decode: ({ metadata }) => metadata.name,
    onEvent: (event) => void told.push(event),
    signal: stop.signal,
    whenMissing: "empty",
    definition: followDefinition({ client, resource, limits: { ...patient, ...limits } }),
    limits: { ...patient, ...limits },
  });
  onTestFinished(async () => {
    stop.abort();
    await ended;
    client.close();
    await server.stop();
  });
  const kinds = () => told.map(({ kind }) => kind);
  return {
    open,
    told,
    kinds,
    asked: (of: "policies" | "definitions") =>
      server.asked.filter(({ path }) => path.endsWith("definitions") === (of === "definitions")),
    until: (check: () => void) => vi.waitFor(check, { timeout: 5_000, interval: 5 }),
    /** What the server has of policies from now on; undefined where it does not know them. */
    serve: (lines: readonly string[] | undefined) => {
      served = lines;
      if (lines === undefined) for (const response of open.policies) response.end();
    },
    /** How the server answers the next request for policies. */
    answerOnce: (answer: Answer) => {
      next = answer;
    },
    define: (lines: readonly string[]) => {
      defined = lines;
    },
    news: (text: string) => {
      for (const response of open.definitions) response.write(text);
    },
  };
}

describe("a watch of a resource that may be defined later", () => {
  it("takes it for empty when its definition is not there, and looks at once when it is", async () => {
    const { until, kinds, told, serve, news, asked, open } = await watchPolicies({});
    await until(() => expect(kinds()).toEqual(["synced"]));
    await until(() => expect(open.definitions.size).toBe(1));
    const [{ query, request } = {}] = asked("definitions");
    expect(query?.get("fieldSelector")).toBe(`metadata.name=${name}`);
    expect(request?.headers.accept).toBe("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
    // It is written first, and served only after its names were accepted.
    news(line("ADDED", object(name, 2)));
    await until(() => expect(asked("policies").length).toBeGreaterThan(2));
    serve([line("ADDED", object("wall", 7))]);
    news(line("MODIFIED", object(name, 3)));
    await until(() => expect(kinds()).toEqual(["synced", "changed", "synced"]));
    expect(told[1]).toEqual({ kind: "changed", key: "wall", object: "wall" });
    await until(() => expect(open.definitions.size).toBe(0));
  });

  it("waits quietly for a server that has only just begun to serve it", async () => {
    const { until, kinds, serve, news, answerOnce } = await watchPolicies({});
    await until(() => expect(kinds()).toEqual(["synced"]));
    answerOnce(refusal(429, "TooManyRequests", "storage is (re)initializing"));
    serve([line("ADDED", object("wall", 7))]);
    news(line("ADDED", object(name, 2)));
    await until(() => expect(kinds()).toEqual(["synced", "changed", "synced"]));
  });

  it("lets known objects go as soon as their definition is gone, and finds them when it is there again", async () => {
    const { until, kinds, serve, news, open } = await watchPolicies({});
    serve([line("ADDED", object("wall", 7))]);
    await until(() => expect(kinds()).toContain("changed"));
    serve(undefined);
    await until(() => expect(kinds().slice(-2)).toEqual(["removed", "synced"]));
    await until(() => expect(open.definitions.size).toBe(1));
    serve([line("ADDED", object("fence", 20))]);
    news(line("ADDED", object(name, 19)));
    await until(() => expect(kinds().slice(-2)).toEqual(["changed", "synced"]));
    expect(kinds().filter((kind) => kind === "problem")).toHaveLength(0);
  });

  it("keeps known objects while they are only not served in this version, and says so", async () => {
    const { until, kinds, told, serve, define } = await watchPolicies({ establishMs: 0, missingRetryMs: 5 });
    serve([line("ADDED", object("wall", 7))]);
    await until(() => expect(kinds()).toContain("changed"));
    define([line("ADDED", object(name, 2))]);
    serve(undefined);
    await until(() => expect(kinds().filter((kind) => kind === "problem").length).toBeGreaterThan(2));
    expect(kinds()).not.toContain("removed");
    expect(told.at(-1)).toMatchObject({
      code: "missing",
      message: `clusternetworkpolicies: ${name} is installed, and not served as v1alpha2, so that its objects cannot be read`,
    });
    serve([line("ADDED", object("wall", 7))]);
    await until(() => expect(kinds().at(-1)).toBe("synced"));
    expect(kinds()).not.toContain("removed");
  });

  it("is not in sync before it is known that what is defined is not served", async () => {
    const { until, kinds, define, asked, serve } = await watchPolicies({ missingRetryMs: 5 });
    define([line("ADDED", object(name, 2))]);
    await until(() => expect(asked("policies").length).toBeGreaterThan(5));
    expect(kinds()).toEqual([]);
    serve([]);
    await until(() => expect(kinds()).toEqual(["synced"]));
  });

  it("looks now and then where it may not read definitions", async () => {
    const denied = refusal(403, "Forbidden", "customresourcedefinitions is forbidden");
    const limits = { missingRetryMs: 5, missingConfirmMs: 0 };
    const { until, kinds, serve, asked } = await watchPolicies(limits, { definition: denied });
    await until(() => expect(kinds()).toEqual(["synced"]));
    await until(() => expect(asked("policies").length).toBeGreaterThan(3));
    expect(kinds()).toEqual(["synced"]);
    serve([line("ADDED", object("wall", 7))]);
    await until(() => expect(kinds()).toEqual(["synced", "changed", "synced"]));
  });
});
