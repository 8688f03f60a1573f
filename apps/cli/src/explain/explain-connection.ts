import {
  type Behaviour,
  type Connection,
  type PluginDifference,
  allows,
  connections,
  dialectEntries,
  endIn,
  formatConnections,
  isEmpty,
  missingFacts,
  missingFactsOfPair,
  pluginDifferences,
  turningEdits,
  verdict,
} from "@podwall/engine";
import {
  editsText,
  jsonEdits,
  jsonMissingFacts,
  jsonPair,
  jsonPluginDifferences,
  jsonVerdict,
  missingFactsText,
  pairText,
  pluginDifferencesText,
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
  const found = findEnds(input.given, { from, to: target.name, namespace: input.flags.namespace });
  if ("problem" in found) return found;
  const ends = {
    source: endIn(input.cluster, found.source),
    destination: endIn(input.cluster, found.destination),
  };
  const { protocol, port } = target;
  return port === undefined ? pairAnswer(input, ends) : verdictAnswer(input, ends, { protocol, port });
}

type Ends = Exclude<FoundEnds, { readonly problem: string }>;
/** Of the network plugin that is asked for. */
function behavioursOf({ dialect }: ExplainInput["flags"]): readonly Behaviour[] {
  return dialect === undefined ? [] : dialectEntries[dialect].behaviours;
}

/** Everything that may pass. */
function pairAnswer({ context, flags, cluster, manifests }: ExplainInput, { source, destination }: Ends): FoundAnswer {
  const style = styleFor(context.process.stdout);
  const missing = missingFactsOfPair(cluster, manifests.others, source, destination, behavioursOf(flags));
  const differences = flags.dialect === undefined ? pluginDifferences(cluster, source, destination) : [];
  const under = (difference: PluginDifference): string => formatConnections(difference.connections);
  const lines = [
    pairText(cluster, source, destination, style),
    ...(missing.length === 0 ? [] : [missingFactsText(missing, style)]),
    ...(differences.length === 0 ? [] : [pluginDifferencesText(differences, under, style)]),
  ];
  return {
    text: lines.join("\n"),
    kind: "Connections",
    fields: {
      ...jsonPair(cluster, source, destination),
      missing: jsonMissingFacts(missing),
      otherPlugins: jsonPluginDifferences(differences, under),
    },
    isYes: missing.length === 0 && !isEmpty(connections(cluster, source, destination)),
  };
}

/** One connection, of ends of the cluster as it is judged. */
export function verdictAnswer(
  { context, flags, cluster, manifests }: ExplainInput,
  ends: Ends,
  at: Omit<Connection, "source" | "destination">,
): FoundAnswer {
  const style = styleFor(context.process.stdout);
  const answer = verdict(cluster, { ...ends, ...at });
  const missing = missingFacts(cluster, manifests.others, answer.connection, behavioursOf(flags));
  const isKnown = missing.length === 0;
  const allowedUnder = ({ connections: set }: PluginDifference): boolean => allows(set, at.protocol, at.port);
  const under = (difference: PluginDifference): string => (allowedUnder(difference) ? "allowed" : "denied");
  const differences =
    flags.dialect === undefined
      ? pluginDifferences(cluster, ends.source, ends.destination).filter((one) => allowedUnder(one) !== answer.allowed)
      : [];
  const edits = (isKnown && !answer.allowed) || flags.edit ? turningEdits(cluster, answer) : undefined;
  const lines = [
    verdictText(cluster, answer, style, isKnown ? "known" : "unknown"),
    ...(isKnown ? [] : [missingFactsText(missing, style)]),
    ...(differences.length === 0 ? [] : [pluginDifferencesText(differences, under, style)]),
    ...(edits === undefined ? [] : [editsText(edits, answer.allowed ? "deny" : "allow", style)]),
  ];
  return {
    text: lines.join("\n"),
    kind: "Verdict",
    fields: {
      ...jsonVerdict(cluster, answer),
      answer: isKnown ? (answer.allowed ? "allowed" : "denied") : "unknown",
      missing: jsonMissingFacts(missing),
      otherPlugins: jsonPluginDifferences(differences, under),
      ...(edits === undefined ? {} : { edits: jsonEdits(edits) }),
    },
    isYes: isKnown && answer.allowed,
  };
}
