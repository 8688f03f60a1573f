import { policyKey } from "../source/source.ts";

/** What an agent said of itself, as far as `status` and `wait` use it. */
export interface AgentAnswer {
  readonly node: string;
  readonly ready: boolean;
  readonly because: string | undefined;
  /** What keeps it from following kinds of objects, of which it goes on by what it knew; by plural. */
  readonly stale: ReadonlyMap<string, string>;
  readonly pending: boolean;
  /** Whether it put anything in force since it started; before that its kernel holds what an earlier agent left. */
  readonly enforces: boolean;
  readonly driftRepairs: number;
  readonly localPods: number;
  /** The newest version of an object that was taken in, by plural. */
  readonly versions: ReadonlyMap<string, number>;
  readonly policies: ReadonlyMap<string, AnsweredPolicy>;
  readonly closedPods: readonly { readonly pod: string; readonly because: string }[];
}

/** What a node enforces of a policy. */
export interface AnsweredPolicy {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string | undefined;
  readonly generation: number | undefined;
  readonly enforced: string;
  readonly because: string | undefined;
  readonly latencyMs: number | undefined;
}

/** Reads the document of `/state`; undefined where it is none. */
export function answerOf(document: unknown): AgentAnswer | undefined {
  const state = mapping(document);
  const node = text(state["node"]);
  if (state["kind"] !== "AgentState" || node === undefined) return undefined;
  const sources = mapping(state["sources"]);
  const stale = new Map<string, string>();
  for (const { about, message } of list(state["troubles"]))
    if (typeof about === "string" && Object.hasOwn(sources, about)) stale.set(about, text(message) ?? "");
  return {
    node,
    ready: state["ready"] === true,
    because: text(state["because"]),
    stale,
    pending: state["pending"] === true,
    enforces: state["applied"] !== undefined,
    driftRepairs: number(state["driftRepairs"]) ?? 0,
    localPods: number(state["localPods"]) ?? 0,
    versions: new Map(Object.entries(sources).map(([plural, one]) => [plural, number(mapping(one)["version"]) ?? 0])),
    policies: new Map(
      list(state["policies"]).map((policy): [string, AnsweredPolicy] => [
        policyKey(nameOf(policy)),
        {
          ...nameOf(policy),
          uid: text(policy["uid"]),
          generation: number(policy["generation"]),
          enforced: text(policy["enforced"]) ?? "",
          because: text(policy["because"]),
          latencyMs: number(policy["latencyMs"]),
        },
      ]),
    ),
    closedPods: list(state["closedPods"]).map((one) => ({
      pod: text(one["pod"]) ?? "",
      because: text(one["because"]) ?? "",
    })),
  };
}

function nameOf(policy: Readonly<Record<string, unknown>>): Pick<AnsweredPolicy, "kind" | "namespace" | "name"> {
  const [kind = "", namespace, name = ""] = [policy["kind"], policy["namespace"], policy["name"]].map(text);
  return namespace === undefined ? { kind, name } : { kind, namespace, name };
}

function mapping(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function list(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(mapping) : [];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
