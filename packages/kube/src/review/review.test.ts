import { afterEach, describe, expect, it } from "vitest";
import { KubeClient } from "../client/kube-client.ts";
import { type Answer, ScriptedServer, json, refusal } from "../testing/api-server.ts";
import { requestToken } from "./request-token.ts";
import { reviewAccess } from "./review-access.ts";
import { reviewToken } from "./review-token.ts";

let server: ScriptedServer;
let client: KubeClient;

async function start(...answers: readonly Answer[]): Promise<void> {
  server = await ScriptedServer.start(...answers);
  client = new KubeClient({ access: server.access() });
}

afterEach(async () => {
  client.close();
  await server.stop();
});

const user = { username: "jo", uid: "7", groups: ["team"], extra: { scope: ["a"] } };

describe("a review of a token", () => {
  it("gives whose it is", async () => {
    await start(json({ status: { authenticated: true, user } }));
    expect(await reviewToken(client, { token: "t" })).toEqual(user);
    expect(server.asked[0]).toMatchObject({ method: "POST", path: "/apis/authentication.k8s.io/v1/tokenreviews" });
  });

  it("is nobody's where it is refused, or was made for others than the audience", async () => {
    await start(
      json({ status: { authenticated: false } }),
      json({}),
      json({ status: { authenticated: true, user } }),
      json({ status: { authenticated: true, user, audiences: ["other"] } }),
      json({ status: { authenticated: true, user, audiences: ["podwall.dev"] } }),
    );
    for (const audience of [undefined, undefined, "podwall.dev", "podwall.dev"])
      expect(
        await reviewToken(client, { token: "t", ...(audience === undefined ? {} : { audience }) }),
      ).toBeUndefined();
    expect(await reviewToken(client, { token: "t", audience: "podwall.dev" })).toEqual(user);
  });

  it("is no answer where the server gives none", async () => {
    await start(refusal(403, "Forbidden", "no"), json({ status: { authenticated: true, user: {} } }));
    await expect(reviewToken(client, { token: "t" })).rejects.toMatchObject({ kind: "status" });
    await expect(reviewToken(client, { token: "t" })).rejects.toMatchObject({ kind: "garbled" });
  });
});

describe("a review of access", () => {
  it("is yes only where the server says so", async () => {
    const at = { user, path: "/state", verb: "get" };
    await start(
      json({ status: { allowed: true } }),
      json({ status: { allowed: false } }),
      json({ status: { allowed: true, denied: true } }),
      json({ status: { allowed: "true" } }),
      json({}),
    );
    const answers = [];
    for (let index = 0; index < 5; index++) answers.push(await reviewAccess(client, at));
    expect(answers).toEqual([true, false, false, false, false]);
  });
});

describe("a request for a token", () => {
  it("gives the token, or fails", async () => {
    await start(json({ status: { token: "t" } }), json({ status: {} }));
    const options = { namespace: "a", serviceAccount: "b", audience: "c", seconds: 600 };
    expect(await requestToken(client, options)).toBe("t");
    expect(server.asked[0]?.path).toBe("/api/v1/namespaces/a/serviceaccounts/b/token");
    await expect(requestToken(client, options)).rejects.toMatchObject({ kind: "garbled" });
  });
});
