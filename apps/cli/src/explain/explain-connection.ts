import { connections, isEmpty, missingFacts, missingFactsOfPair, turningEdits, verdict } from "@podwall/engine";
import {
  editsText,
  jsonEdits,
  jsonMissingFacts,
  jsonPair,
  jsonVerdict,
  missingFactsText,
  pairText,
  verdictText,
} from "@podwall/report";
import { styleFor } from "../colour.ts";
import { type FoundEnds, findEnds } from "../find-ends.ts";
import type { ExplainAnswer, ExplainInput, FoundAnswer } from "./explain-input.ts";
import type { Question } from "./question.ts";

/** Whether one end may talk to another, and why. */
export function explainConnection(
  input: ExplainInput,
  { from, target }: Extract<Question, { readonly kind: "connection" }>,
): ExplainAnswer {
  const ends = findEnds(input.cluster, { from, to: target.name, namespace: input.flags.namespace });
  if ("problem" in ends) return ends;
  const { protocol, port } = target;
  return port === undefined ? pairAnswer(input, ends) : verdictAnswer(input, ends, { protocol, port });
}

type Ends = Exclude<FoundEnds, { readonly problem: string }>;
type At = Parameters<typeof verdict>[1];

/** Everything that may pass. */
function pairAnswer({ context, cluster, manifests }: ExplainInput, { source, destination }: Ends): FoundAnswer {
  const style = styleFor(context.process.stdout);
  const missing = missingFactsOfPair(cluster, manifests.others, source, destination);
  const lines = [
    pairText(cluster, source, destination, style),
    ...(missing.length === 0 ? [] : [missingFactsText(missing, style)]),
  ];
  return {
    text: lines.join("\n"),
    kind: "Connections",
    fields: { ...jsonPair(cluster, source, destination), missing: jsonMissingFacts(missing) },
    isYes: missing.length === 0 && !isEmpty(connections(cluster, source, destination)),
  };
}

/** One connection. */
function verdictAnswer(
  { context, flags, cluster, manifests }: ExplainInput,
  ends: Ends,
  at: Pick<At, "protocol" | "port">,
): FoundAnswer {
  const style = styleFor(context.process.stdout);
  const answer = verdict(cluster, { ...ends, ...at });
  const missing = missingFacts(cluster, manifests.others, answer.connection);
  const isKnown = missing.length === 0;
  const edits = (isKnown && !answer.allowed) || flags.edit ? turningEdits(cluster, answer) : undefined;
  const lines = [
    verdictText(cluster, answer, style, isKnown ? "known" : "unknown"),
    ...(isKnown ? [] : [missingFactsText(missing, style)]),
    ...(edits === undefined ? [] : [editsText(edits, answer.allowed ? "deny" : "allow", style)]),
  ];
  return {
    text: lines.join("\n"),
    kind: "Verdict",
    fields: {
      ...jsonVerdict(cluster, answer),
      answer: isKnown ? (answer.allowed ? "allowed" : "denied") : "unknown",
      missing: jsonMissingFacts(missing),
      ...(edits === undefined ? {} : { edits: jsonEdits(edits) }),
    },
    isYes: isKnown && answer.allowed,
  };
}
