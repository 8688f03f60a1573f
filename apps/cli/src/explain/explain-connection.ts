import { connections, isEmpty, turningEdits, verdict } from "@podwall/engine";
import { editsText, jsonEdits, pairJson, pairText, verdictJson, verdictText } from "@podwall/report";
import { styleFor } from "../colour.ts";
import { findEnds } from "../find-ends.ts";
import type { ExplainAnswer, ExplainInput } from "./explain-input.ts";
import type { Question } from "./question.ts";

/** Whether one end may talk to another, and why. */
export function explainConnection(
  { context, flags, cluster }: ExplainInput,
  { from, target }: Extract<Question, { readonly kind: "connection" }>,
): ExplainAnswer {
  const ends = findEnds(cluster, { from, to: target.name, namespace: flags.namespace });
  if ("problem" in ends) return ends;
  const style = styleFor(context.process.stdout);
  if (target.port === undefined) {
    const { source, destination } = ends;
    const output =
      flags.format === "json"
        ? pairJson(cluster, source, destination)
        : `${pairText(cluster, source, destination, style)}\n`;
    return { output, isYes: !isEmpty(connections(cluster, source, destination)) };
  }
  const answer = verdict(cluster, { ...ends, protocol: target.protocol, port: target.port });
  const edits = !answer.allowed || flags.edit ? turningEdits(cluster, answer) : undefined;
  if (flags.format === "json") {
    const more = edits === undefined ? {} : { edits: jsonEdits(edits) };
    return { output: verdictJson(cluster, answer, more), isYes: answer.allowed };
  }
  const lines = [
    verdictText(cluster, answer, style),
    ...(edits === undefined ? [] : [editsText(edits, answer.allowed ? "deny" : "allow", style)]),
  ];
  return { output: `${lines.join("\n")}\n`, isYes: answer.allowed };
}
