import type { Clock } from "../clock.ts";
import type { Fields } from "./fields.ts";
import { pemOf } from "./pem-of.ts";

/** A kubeconfig's cluster, with all that a connection to it needs. */
export interface KubeconfigCluster {
  readonly server: URL;
  readonly serverName: string | undefined;
  readonly skipVerify: boolean;
  ca(): Promise<string | undefined>;
  markStale(): void;
  /** What an exec plugin is told where it asks. */
  describe(): Promise<Readonly<Record<string, unknown>>>;
}

export function readCluster(fields: Fields, clock: Clock): KubeconfigCluster {
  if (fields.has("proxy-url")) {
    fields.refuse(
      "proxy-url",
      "is not supported: connect by a tunnel, or run `kubectl proxy` and use a context whose server is its address",
    );
  }
  const server = readServer(fields);
  const ca = pemOf(fields, "certificate-authority", clock);
  const skipVerify = fields.flag("insecure-skip-tls-verify");
  if (skipVerify && ca !== undefined) {
    fields.refuse("insecure-skip-tls-verify", "cannot be true beside a certificate authority; remove one of them");
  }
  const serverName = fields.text("tls-server-name");
  const readCa = async () => ca?.read();
  return {
    server,
    serverName,
    skipVerify,
    ca: readCa,
    markStale: () => ca?.markStale(),
    async describe() {
      const pem = await readCa();
      return {
        server: fields.text("server"),
        ...(serverName === undefined ? {} : { "tls-server-name": serverName }),
        ...(skipVerify ? { "insecure-skip-tls-verify": true } : {}),
        ...(pem === undefined ? {} : { "certificate-authority-data": Buffer.from(pem).toString("base64") }),
        ...extensionOf(fields),
      };
    },
  };
}

function readServer(fields: Fields): URL {
  const text = fields.text("server") ?? fields.refuse("server", "is missing");
  // kubectl takes `127.0.0.1:8001` for HTTP.
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(url)) fields.refuse("server", `${JSON.stringify(text)} is no URL`);
  const server = new URL(url);
  if (server.protocol !== "https:" && server.protocol !== "http:") {
    fields.refuse("server", `${JSON.stringify(text)} must begin with https:// or http://`);
  }
  return server;
}

/** The settings that a cluster's entry holds for exec plugins, under a name that Kubernetes reserves. */
function extensionOf(fields: Fields): { readonly config?: unknown } {
  const extension = fields.list("extensions").find((item) => item.text("name") === "client.authentication.k8s.io/exec");
  return extension === undefined ? {} : { config: extension.raw("extension") };
}
