import { once } from "node:events";
import { type Server, createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TlsSettings } from "../access/api-access.ts";
import { renewedAccess } from "../access/renewed-access.ts";
import { certificates } from "../testing/certificates.ts";
import { KubeClient } from "./kube-client.ts";

let server: Server;
beforeAll(async () => {
  server = createServer(
    {
      cert: certificates.serverCert,
      key: certificates.serverKey,
      ca: certificates.ca,
      requestCert: true,
      rejectUnauthorized: false,
    },
    (request, response) => {
      const { authorized, remotePort } = request.socket as TLSSocket;
      response.end(JSON.stringify({ authorized, remotePort, path: request.url }));
    },
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

function clientWith(tls: () => TlsSettings, path = ""): KubeClient {
  const { port } = server.address() as AddressInfo;
  return new KubeClient({
    access: renewedAccess({
      name: "the test's server",
      server: new URL(`https://127.0.0.1:${port}${path}`),
      namespace: "default",
      source: { read: async () => ({ headers: {}, tls: tls() }), markStale: () => undefined },
    }),
  });
}

async function ask(client: KubeClient): Promise<unknown> {
  try {
    return await client.call({ path: "/version" });
  } finally {
    client.close();
  }
}

const trusted = { ca: certificates.ca, serverName: "kubernetes" };

describe("a connection by TLS", () => {
  it("checks the server by the authority and name given, and shows the client's certificate", async () => {
    expect(await ask(clientWith(() => trusted))).toMatchObject({ authorized: false });
    const proof = { cert: certificates.clientCert, key: certificates.clientKey };
    expect(await ask(clientWith(() => ({ ...trusted, ...proof })))).toMatchObject({ authorized: true });
  });

  it("goes on below the path of a server that has one", async () => {
    expect(await ask(clientWith(() => trusted, "/k8s/clusters/one/"))).toMatchObject({
      path: "/k8s/clusters/one/version",
    });
  });

  it("refuses a server that cannot be trusted, and says why", async () => {
    await expect(ask(clientWith(() => ({ ...trusted, ca: certificates.other })))).rejects.toThrow(
      /cannot speak to https:\/\/127\.0\.0\.1:\d+: its certificate is not signed by the certificate authority given/,
    );
    await expect(ask(clientWith(() => ({ ca: certificates.ca })))).rejects.toThrow(
      "its certificate is for another name; tls-server-name says which name to expect",
    );
    expect(await ask(clientWith(() => ({ skipVerify: true })))).toMatchObject({ authorized: false });
  });

  it("is kept while the credentials are the same, and made anew when they change", async () => {
    let tls: TlsSettings = trusted;
    const client = clientWith(() => tls);
    const port = async () => ((await client.call({ path: "/" })) as { readonly remotePort: number }).remotePort;
    const first = await port();
    tls = { ...trusted };
    expect(await port()).toBe(first);
    tls = { ...trusted, cert: certificates.clientCert, key: certificates.clientKey };
    expect(await port()).not.toBe(first);
    client.close();
  });
});
