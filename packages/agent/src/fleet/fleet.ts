import {
  type KubeClient,
  KubeError,
  type KubeObject,
  listObjects,
  pathOf,
  requestToken,
  resources,
} from "@podwall/kube";
import { agentAudience } from "../serve/kube-review.ts";
import { type AgentAnswer, answerOf } from "./agent-answer.ts";

/** How the agents of a cluster are found. */
export interface FleetOptions {
  readonly client: KubeClient;
  /** Where the agents' pods are. */
  readonly namespace: string;
  /** The agents' pods, by their labels. */
  readonly selector: string;
  /** Of the agents' endpoints. */
  readonly port: number;
  /** Who may read the agents' endpoints. */
  readonly serviceAccount: string;
  /** Agents that ask nobody who they are, over plain HTTP, are shown no token. */
  readonly agents: "guarded" | "insecure";
}

/** A node, and its agent's pod where it has one. */
export interface FleetNode {
  readonly name: string;
  readonly pod: string | undefined;
}

/** What became of asking a node's agent. */
export type NodeAnswer =
  | { readonly kind: "answered"; readonly node: string; readonly answer: AgentAnswer }
  | { readonly kind: "no agent"; readonly node: string }
  | { readonly kind: "no answer"; readonly node: string; readonly because: string };

/** Where an agent speaks no TLS. */
export const insecureMend = "if it was started with --insecure-listen, ask with --agents-insecure";
/** The shortest the API gives, and what of it is used. */
const tokenSeconds = 600;
const renewAfterMs = 300_000;
const askedAtATime = 16;
const answerWithinMs = 5_000;

/**
 * The agents of a cluster, asked through the API server's proxy to their pods. They are shown a token that is good for reading
 * them and for nothing else: the API server speaks TLS with an agent, and does not look at whose certificate it has.
 */
export class Fleet {
  readonly #options: FleetOptions;
  #token: { readonly text: string; readonly at: number } | undefined;

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  /** The nodes that agents are for, Windows' left out, in the order of their names. Rejects with a `KubeError`. */
  async nodes(signal: AbortSignal): Promise<readonly FleetNode[]> {
    const { client, namespace, selector } = this.#options;
    const [nodes, pods] = await Promise.all([
      listObjects({ client, resource: resources.nodes, signal, keep: nodeOf }),
      listObjects({ client, resource: resources.pods, namespace, labelSelector: selector, signal, keep: agentPodOf }),
    ]);
    const agents = new Map(pods.flatMap(({ node, name }) => (node === undefined ? [] : [[node, name]])));
    return nodes
      .filter(({ isWindows }) => !isWindows)
      .map(({ name }) => ({ name, pod: agents.get(name) }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Asks each node's agent. Rejects with a `KubeError` where no token can be had. */
  async ask(nodes: readonly FleetNode[], signal: AbortSignal): Promise<readonly NodeAnswer[]> {
    const token = nodes.some(({ pod }) => pod !== undefined) ? await this.#tokenFor(signal) : undefined;
    const answers: NodeAnswer[] = [];
    const waiting = [...nodes.entries()];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [index, node] = next;
        answers[index] = await this.#askOne(node, token, signal);
      }
    };
    await Promise.all(Array.from({ length: askedAtATime }, worker));
    return answers;
  }

  async #askOne({ name, pod }: FleetNode, token: string | undefined, signal: AbortSignal): Promise<NodeAnswer> {
    if (pod === undefined) return { kind: "no agent", node: name };
    const { client, namespace, port, agents } = this.#options;
    const scheme = agents === "guarded" ? "https:" : "";
    try {
      const document = await client.call({
        path: `${pathOf(resources.pods, { namespace, name: `${scheme}${pod}:${port}`, subresource: "proxy" })}/state`,
        // The usual header is the API server's own, which takes it away.
        headers: token === undefined ? {} : { "podwall-authorization": `Bearer ${token}` },
        signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
      });
      const answer = answerOf(document);
      if (answer === undefined) return { kind: "no answer", node: name, because: `pod ${pod} is no agent` };
      // A pod that says it is another node's agent speaks for neither.
      if (answer.node !== name)
        return { kind: "no answer", node: name, because: `pod ${pod} says that it is the agent of ${answer.node}` };
      return { kind: "answered", node: name, answer };
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      return { kind: "no answer", node: name, because: whyOf(error) };
    }
  }

  async #tokenFor(signal: AbortSignal): Promise<string | undefined> {
    const { client, namespace, serviceAccount, agents } = this.#options;
    if (agents === "insecure") return undefined;
    const now = client.clock.now();
    if (this.#token === undefined || now - this.#token.at > renewAfterMs) {
      const audience = agentAudience;
      const text = await requestToken(client, { namespace, serviceAccount, audience, seconds: tokenSeconds, signal });
      this.#token = { text, at: now };
    }
    return this.#token.text;
  }
}

function nodeOf({ metadata }: KubeObject): { readonly name: string; readonly isWindows: boolean } {
  const labels = metadata["labels"] as Readonly<Record<string, unknown>> | undefined;
  return { name: metadata.name, isWindows: labels?.["kubernetes.io/os"] === "windows" };
}

/** A pod that runs an agent, with its node; without one where it does not, or no longer. */
function agentPodOf({ metadata, spec, status }: KubeObject): { readonly name: string; readonly node?: string } {
  const { nodeName: node } = (spec ?? {}) as { readonly nodeName?: string };
  const { phase } = (status ?? {}) as { readonly phase?: string };
  const isEnded = phase === "Failed" || phase === "Succeeded" || metadata["deletionTimestamp"] !== undefined;
  return { name: metadata.name, ...(node === undefined || isEnded ? {} : { node }) };
}

function whyOf({ kind, status, message }: KubeError): string {
  if (kind === "stopped" || kind === "timeout") return `it did not answer within ${answerWithinMs / 1000} s`;
  if (status === undefined) return message;
  const said = `${status.code}: ${status.message.trim()}`;
  return /first record does not look like a TLS handshake|HTTP response to HTTPS client/.test(said)
    ? `${said} (${insecureMend})`
    : said;
}
