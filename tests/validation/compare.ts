import { type SourceFile, positionAt, readManifests } from "../../packages/engine/src/index.ts";
import { differences } from "./differences.ts";
import type { Manifest } from "./manifest.ts";
import type { Pair, Said } from "./pair.ts";
import { verdictOf } from "./server-verdict.ts";
import { inSettledOrder } from "./settled-order.ts";
import type { Answer } from "./validating-server.ts";

export interface Comparison {
  readonly manifest: Manifest;
  /** The ids of those that show; none where both say the same. */
  readonly differences: readonly string[];
  /** What no listed difference accounts for. */
  readonly unexplained?: { readonly server: readonly string[]; readonly podwall: readonly string[] };
}

/** Holds podwall's judgement against an API server's: the same messages in the same order, or listed differences. */
export function compare(manifest: Manifest, answer: Answer): Comparison {
  const { stage, messages } = verdictOf(answer);
  const said = saidOf(manifest);
  const errors = said.filter(({ isError }) => isError);
  // The server warns only of what it accepts; podwall has more warnings of its own.
  const podwall = errors.length > 0 ? errors : said.filter(({ code }) => code === "PW2032");
  return comparePair({ manifest, stage, server: [...messages, ...answer.warnings], podwall });
}

/**
 * The same for an API server before Kubernetes 1.36, which accepts blocks that podwall calls ambiguous and warns of them
 * instead: it must do so at exactly the fields of podwall's errors.
 */
export function compareBefore136(manifest: Manifest, answer: Answer): Comparison & { readonly isLegacy: boolean } {
  const { stage, messages } = verdictOf(answer);
  const errors = saidOf(manifest).filter(({ isError }) => isError);
  const podwall = errors.filter(({ code }) => code !== "PW2011");
  const fields = fieldsOf(errors.filter(({ code }) => code === "PW2011").map(({ message }) => message));
  const isLegacy = messages.length === 0 && fields.length > 0;
  const warned = fieldsOf(answer.warnings.filter((warning) => !warning.includes("RFC 5952")));
  const compared = comparePair({ manifest, stage, server: messages, podwall });
  if (messages.length > 0 || warned.join() === fields.join()) return { ...compared, isLegacy };
  return { ...compared, isLegacy, unexplained: { server: answer.warnings, podwall: fields } };
}

function comparePair(found: Pair): Comparison {
  const { manifest } = found;
  let pair = inSettledOrder(found);
  const shown: string[] = [];
  for (const { id, reconcile } of differences) {
    if (isEqual(pair)) break;
    const reconciled = reconcile(pair);
    if (reconciled === undefined) continue;
    shown.push(id);
    pair = reconciled;
  }
  if (isEqual(pair)) return { manifest, differences: shown };
  const podwall = pair.podwall.map(({ message }) => message);
  return { manifest, differences: shown, unexplained: { server: pair.server, podwall } };
}

function isEqual({ server, podwall }: Pair): boolean {
  return server.length === podwall.length && podwall.every(({ message }, index) => message === server[index]);
}

function saidOf({ text }: Manifest): readonly (Said & { readonly isError: boolean })[] {
  const file: SourceFile = { name: "manifest.yaml", text };
  return readManifests([file]).diagnostics.map(({ code, severity, message, range }) => {
    const line = range === undefined ? 0 : positionAt(range.file, range.start).line;
    return { code, message, line, isError: severity === "error" };
  });
}

function fieldsOf(messages: readonly string[]): readonly string[] {
  return [...new Set(messages.map((message) => message.slice(0, message.indexOf(": "))))];
}
