import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { type ApiAccess, pathOf } from "../../packages/kube/src/index.ts";
import { type PolicyKind, policyVersions } from "../../packages/engine/src/api/policy-kind.ts";
import type { Manifest } from "./manifest.ts";

/** What an API server says of an object that it was asked to create, for a try only. */
export interface Answer {
  /** HTTP's: 201 where the object would be created. */
  readonly code: number;
  /** The whole of what is wrong; empty where nothing is. */
  readonly message: string;
  /** What is wrong field by field, where the object could be decoded. */
  readonly causes: readonly string[];
  readonly warnings: readonly string[];
}

interface Status {
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly field?: string; readonly message?: string }[] };
}

/** An API server that is asked for its judgement: server-side dry run with strict field validation, nothing is stored. */
export class ValidatingServer {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 });
  readonly #access: ApiAccess;

  constructor(access: ApiAccess) {
    this.#access = access;
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Adds a kind of objects, and waits until it is served. */
  async define(definition: string, kind: PolicyKind): Promise<void> {
    const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    const { code, message } = await this.#post(path, definition, "yaml");
    if (code !== 201) throw new Error(`the definition of ${kind} was refused: ${message}`);
    const deadline = Date.now() + 30_000;
    while ((await this.#post(collectionPath(kind), "{}", "json")).code === 404) {
      if (Date.now() > deadline) throw new Error(`${kind} is not served after 30 s`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  judge({ kind, text, format }: Manifest): Promise<Answer> {
    return this.#post(`${collectionPath(kind)}?dryRun=All&fieldValidation=Strict`, text, format);
  }

  async #post(path: string, text: string, format: Manifest["format"]): Promise<Answer> {
    const { headers, tls } = await this.#access.credentials();
    const sent = { ...headers, "content-type": `application/${format}`, accept: "application/json" };
    const target = new URL(path, this.#access.server);
    return new Promise((resolve, reject) => {
      const asked = request(target, { method: "POST", agent: this.#agent, ca: tls.ca, headers: sent }, (response) => {
        answerOf(response).then(resolve, reject);
      });
      asked.setTimeout(30_000, () => asked.destroy(new Error(`${target.href} did not answer in 30 s`)));
      asked.on("error", reject);
      asked.end(text);
    });
  }
}

function collectionPath(kind: PolicyKind): string {
  const [group = "", version = ""] = policyVersions[kind].split("/");
  const plural = `${kind.toLowerCase().slice(0, -1)}ies`;
  return pathOf({ group, version, plural }, { namespace: kind === "NetworkPolicy" ? "default" : undefined });
}

async function answerOf(response: IncomingMessage): Promise<Answer> {
  const code = response.statusCode ?? 0;
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const warnings = warningsOf(response);
  if (code === 201) return { code, message: "", causes: [], warnings };
  const text = Buffer.concat(chunks).toString("utf8");
  // What is not there is said in plain text.
  if (!text.startsWith("{")) return { code, message: text.trim(), causes: [], warnings };
  const { message = "", details } = JSON.parse(text) as Status;
  const causes = (details?.causes ?? []).map((cause) => `${cause.field}: ${cause.message}`);
  return { code, message, causes, warnings };
}

/** Each header is `299 - "text"`, with the text's quotes and backslashes escaped. */
function warningsOf(response: IncomingMessage): readonly string[] {
  const pairs = response.rawHeaders.flatMap((name, index) =>
    index % 2 === 0 && name.toLowerCase() === "warning" ? [response.rawHeaders[index + 1] ?? ""] : [],
  );
  return pairs.map((header) => {
    const text = /^299 - "(.*)"$/s.exec(header)?.[1];
    if (text === undefined) throw new Error(`no warning: ${header}`);
    return text.replaceAll(/\\(["\\])/g, "$1");
  });
}
