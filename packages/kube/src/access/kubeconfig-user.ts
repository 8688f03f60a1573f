import type { Clock } from "../clock.ts";
import { bearer } from "./bearer.ts";
import { ExecPlugin } from "./exec-plugin.ts";
import { readExec } from "./exec-settings.ts";
import type { Fields } from "./fields.ts";
import { FileText } from "./file-text.ts";
import type { KubeconfigCluster } from "./kubeconfig-cluster.ts";
import { type StoredText, pemOf } from "./pem-of.ts";
import type { UserProof } from "./user-proof.ts";

/** A kubeconfig's user: what proves who speaks. */
export interface KubeconfigUser {
  read(): Promise<UserProof>;
  markStale(): void;
}

export interface UserContext {
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function readUser(fields: Fields, cluster: KubeconfigCluster, { clock, env }: UserContext): KubeconfigUser {
  if (fields.has("auth-provider")) {
    fields.refuse("auth-provider", "is gone from Kubernetes since 1.26; use `exec` with the provider's plugin");
  }
  const impersonation = impersonationHeaders(fields);
  const certificate = readCertificate(fields, clock);
  const authorization = readAuthorization(fields, clock);
  const exec = authorization === undefined && fields.has("exec") ? readExec(fields.child("exec")) : undefined;
  const plugin = exec === undefined ? undefined : new ExecPlugin({ exec, cluster, clock, env });
  return {
    async read() {
      const header = await authorization?.read();
      const proof = await plugin?.read();
      const pair = certificate === undefined ? {} : await readPair(certificate);
      return {
        ...pair,
        ...(proof?.cert === undefined ? {} : { cert: proof.cert }),
        ...(proof?.key === undefined ? {} : { key: proof.key }),
        headers: { ...impersonation, ...(header === undefined ? {} : { authorization: header }), ...proof?.headers },
      };
    },
    markStale() {
      authorization?.markStale();
      certificate?.cert.markStale();
      certificate?.key.markStale();
      plugin?.markStale();
    },
  };
}

interface Certificate {
  readonly cert: StoredText;
  readonly key: StoredText;
}

function readCertificate(fields: Fields, clock: Clock): Certificate | undefined {
  const cert = pemOf(fields, "client-certificate", clock);
  const key = pemOf(fields, "client-key", clock);
  if (cert === undefined && key === undefined) return undefined;
  return {
    cert: cert ?? fields.refuse("client-certificate", "is missing beside the client key"),
    key: key ?? fields.refuse("client-key", "is missing beside the client certificate"),
  };
}

async function readPair({ cert, key }: Certificate): Promise<{ readonly cert: string; readonly key: string }> {
  return { cert: await cert.read(), key: await key.read() };
}

/** A token file wins over a token, as it may be newer; both over a password. */
function readAuthorization(fields: Fields, clock: Clock): StoredText | undefined {
  const path = fields.filePath("tokenFile");
  if (path !== undefined) {
    const file = new FileText(path, clock);
    return { read: async () => bearer(await file.read(), path), markStale: () => file.markStale() };
  }
  const token = fields.text("token");
  if (token !== undefined) return constant(bearer(token, fields.file));
  const username = fields.text("username");
  if (username === undefined) return undefined;
  const pair = Buffer.from(`${username}:${fields.text("password") ?? ""}`).toString("base64");
  return constant(`Basic ${pair}`);
}

function constant(text: string): StoredText {
  return { read: async () => text, markStale: () => undefined };
}

function impersonationHeaders(fields: Fields): Record<string, string | readonly string[]> {
  const user = fields.text("as");
  const uid = fields.text("as-uid");
  const groups = fields.texts("as-groups");
  const extra = fields.child("as-user-extra");
  if (user === undefined && (uid !== undefined || groups.length + extra.keys().length > 0)) {
    fields.refuse("as", "is missing beside as-uid, as-groups or as-user-extra");
  }
  return {
    ...(user === undefined ? {} : { "impersonate-user": user }),
    ...(uid === undefined ? {} : { "impersonate-uid": uid }),
    ...(groups.length === 0 ? {} : { "impersonate-group": groups }),
    ...Object.fromEntries(
      extra.keys().map((key) => [`impersonate-extra-${encodeURIComponent(key.toLowerCase())}`, extra.texts(key)]),
    ),
  };
}
