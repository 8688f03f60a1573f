import type { ServerResponse } from "node:http";
import type { NetworkPolicy } from "@podwall/engine";
import { type Clock, KubeClient, systemClock } from "@podwall/kube";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { mostParts, partsOf } from "../../packages/agent/src/namespace-parts.ts";
import { ApiSource } from "../../packages/agent/src/source/api-source.ts";
import { type Answer, ScriptedServer, json, refusal } from "../../packages/kube/src/testing/api-server.ts";

/** A policy of very many values, which is within the bound of a single one. */
function policy(name: string, count: number, version: number, namespace = "shop") {
  const values = Array.from({ length: count }, (_, index) => `value-${index}`);
  const from = [{ podSelector: { matchExpressions: [{ key: "a", operator: "In", values }] } }];
  const metadata = { name, namespace, resourceVersion: `${version}`, uid: `${namespace}-${name}` };
  return { metadata, spec: { podSelector: { matchLabels: { app: name } }, ingress: [{ from }] } };
}

const line = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;
const endOfList = line("BOOKMARK", {
  metadata: { resourceVersion: "100", annotations: { "k8s.io/initial-events-end": "true" } },
});
/** A clock at twenty times the system's pace, of which a watch's silence is no part. */
const quickClock: Clock = { ...systemClock, timer: (delayMs, run) => systemClock.timer(delayMs / 20, run) };
const patient = { silenceMs: 3_600_000, listSilenceMs: 3_600_000 };

/** What an agent keeps of policies of an API server, which a test changes. */
async function follow(policies: readonly ReturnType<typeof policy>[]) {
  const stored = new Map(policies.map((one) => [`${one.metadata.namespace}/${one.metadata.name}`, one]));
  const watches: ServerResponse[] = [];
  let refusals = 2;
  const answer: Answer = (response, asked) => {
    const { path, query } = asked;
    const of = path.endsWith("/networkpolicies") ? [...stored.values()] : [];
    const name = query.get("fieldSelector")?.replace("metadata.name=", "");
    const [, namespace] = /namespaces\/([^/]+)\//.exec(path) ?? [];
    const items = of.filter(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
    if (query.get("watch") === null && refusals-- > 0) return refusal(500, "InternalError", "not now")(response, asked);
    if (query.get("watch") === null) return json({ metadata: { resourceVersion: "100" }, items })(response, asked);
    response.writeHead(200, { "content-type": "application/json" });
    for (const one of of) response.write(line("ADDED", one));
    response.write(endOfList);
    if (path.endsWith("/networkpolicies")) watches.push(response);
  };
  const server = await ScriptedServer.start(answer);
  const client = new KubeClient({ access: server.access(), clock: quickClock, timeoutMs: 3_600_000 });
  const source = new ApiSource({ client, node: "here", limits: patient });
  const stop = new AbortController();
  const following = source.follow({ onChange: () => undefined, onTrouble: () => undefined }, stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await following;
    client.close();
    await server.stop();
  });
  const kept = (): readonly NetworkPolicy[] => source.snapshot()?.cluster.policies ?? [];
  return {
    kept,
    closed: () =>
      kept()
        .flatMap(({ closedBecause, name }) => (closedBecause === undefined ? [] : [name]))
        .sort(),
    remove: (key: string) => {
      const gone = stored.get(key);
      stored.delete(key);
      for (const response of watches) response.write(line("DELETED", gone));
    },
  };
}

const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 60_000, interval: 50 });

describe("very many policies of one namespace, each just within the bound of one", { timeout: 120_000 }, () => {
  it("are kept no more of than a bound, without harm to other policies, and as soon as there is room", async () => {
    const large = Array.from({ length: 40 }, (_, index) => policy(`large-${index + 10}`, 19_000 + index, index + 1));
    const others = [policy("small", 3, 50), policy("large", 19_900, 51, "dev")];
    const { kept, closed, remove } = await follow([...large, ...others]);
    await until(() => expect(kept()).toHaveLength(42));
    const parts = kept()
      .filter(({ namespace }) => namespace === "shop")
      .reduce((sum, one) => sum + partsOf(one), 0);
    expect(parts).toBeLessThanOrEqual(mostParts + 1_000);
    const names = large.map(({ metadata }) => metadata.name);
    expect(closed()).toEqual(names.slice(5));
    remove(`shop/${names[2]}`);
    remove(`shop/${names[3]}`);
    await until(() => expect(closed()).toEqual(names.slice(7)));
    expect(kept().find(({ name }) => name === names[6])?.ingress[0]?.peers).toHaveLength(1);
  });
});
