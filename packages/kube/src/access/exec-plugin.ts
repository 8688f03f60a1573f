import { asMapping } from "../as-mapping.ts";
import type { Clock } from "../clock.ts";
import { AccessError } from "./access-error.ts";
import { bearer } from "./bearer.ts";
import type { ExecSettings } from "./exec-settings.ts";
import type { KubeconfigCluster } from "./kubeconfig-cluster.ts";
import { runPlugin } from "./run-plugin.ts";
import type { UserProof } from "./user-proof.ts";

export interface ExecPluginOptions {
  readonly exec: ExecSettings;
  readonly cluster: KubeconfigCluster;
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
}

interface Kept {
  readonly proof: UserProof;
  /** Milliseconds since 1970; undefined: until the server refuses it. */
  readonly expiresAt: number | undefined;
}

/** A program that hands out credentials; run when the last ones expire or are refused, once for all who wait. */
export class ExecPlugin {
  readonly #options: ExecPluginOptions;
  #kept: Kept | undefined;
  #running: Promise<Kept> | undefined;

  constructor(options: ExecPluginOptions) {
    this.#options = options;
  }

  async read(): Promise<UserProof> {
    const expiresAt = this.#kept?.expiresAt;
    if (this.#kept !== undefined && (expiresAt === undefined || this.#options.clock.wallTime() < expiresAt)) {
      return this.#kept.proof;
    }
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    this.#kept = await this.#running;
    return this.#kept.proof;
  }

  markStale(): void {
    this.#kept = undefined;
  }

  async #run(): Promise<Kept> {
    const { exec, cluster, env } = this.#options;
    const interactive = exec.interactive !== "never" && process.stdin.isTTY === true;
    if (exec.interactive === "always" && !interactive) {
      throw new AccessError(`${exec.file}: ${exec.command} must ask on a terminal, and there is none`);
    }
    const spec = { interactive, ...(exec.tellCluster ? { cluster: await cluster.describe() } : {}) };
    const info = JSON.stringify({ apiVersion: exec.apiVersion, kind: "ExecCredential", spec });
    const output = await runPlugin(exec, { env: { ...env, ...exec.env, KUBERNETES_EXEC_INFO: info }, interactive });
    return readCredential(exec, output);
  }
}

function readCredential(exec: ExecSettings, output: string): Kept {
  const refuse = (why: string): never => {
    throw new AccessError(`${exec.file}: ${exec.command} ${why}`);
  };
  const credential = asMapping(parseJson(output)) ?? refuse("did not print an ExecCredential as JSON");
  if (credential["apiVersion"] !== exec.apiVersion) {
    refuse(
      `printed apiVersion ${JSON.stringify(credential["apiVersion"])}, and the kubeconfig says ${exec.apiVersion}`,
    );
  }
  const status = asMapping(credential["status"]) ?? refuse("printed an ExecCredential without status");
  const text = (name: string) => {
    const value = status[name] ?? "";
    return typeof value === "string" ? value : refuse(`printed a status.${name} that is no text`);
  };
  const [token, cert, key, expires] = [
    text("token"),
    text("clientCertificateData"),
    text("clientKeyData"),
    text("expirationTimestamp"),
  ];
  if (token === "" && cert === "") refuse("printed neither a token nor a certificate");
  if ((cert === "") !== (key === "")) refuse("printed a certificate or a key without the other");
  const expiresAt = expires === "" ? undefined : Date.parse(expires);
  if (Number.isNaN(expiresAt)) refuse(`printed an expirationTimestamp that is no time: ${expires}`);
  return {
    expiresAt,
    proof: {
      headers: token === "" ? {} : { authorization: bearer(token, `${exec.file}: ${exec.command}`) },
      ...(cert === "" ? {} : { cert, key }),
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
