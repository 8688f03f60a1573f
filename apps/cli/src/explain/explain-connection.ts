import {
  type Behaviour,
  type Cluster,
  type Connection,
  type NetworkPolicy,
  type PluginDifference,
  type Seen,
  type Verdict,
  allows,
  connections,
  dialectEntries,
  endIn,
  formatConnections,
  isEmpty,
  missingOfConnection,
  missingOfPair,
  pluginDifferences,
  settledEnds,
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
  policyText,
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
  const { protocol, port } = target;
  return port === undefined ? pairAnswer(input, found) : verdictAnswer(input, found, { protocol, port });
}

type Ends = Exclude<FoundEnds, { readonly problem: string }>;

/** Ends of the manifests as they are in the cluster that is judged. */
function endsIn(cluster: Cluster, { source, destination }: Ends): Ends {
  return { source: endIn(cluster, source), destination: endIn(cluster, destination) };
}

/** How other plugins differ, or the one that is asked for. */
function differencesOf({ flags, given }: ExplainInput, { source, destination }: Ends): readonly PluginDifference[] {
  const behaviours = behavioursOf(flags);
  const all = pluginDifferences(given, source, destination);
  return flags.dialect === undefined ? all : all.filter(({ behaviour }) => behaviours.includes(behaviour));
}

function pluginOf({ dialect }: ExplainInput["flags"]): string | undefined {
  return dialect === undefined ? undefined : dialectEntries[dialect].name;
}

/** Of the network plugin that is asked for. */
function behavioursOf({ dialect }: ExplainInput["flags"]): readonly Behaviour[] {
  return dialect === undefined ? [] : dialectEntries[dialect].behaviours;
}

function seenBy({ cluster, manifests: { others }, flags }: ExplainInput): Seen {
  return { cluster, others, behaviours: behavioursOf(flags) };
}

/**
 * Ends with addresses that they may have, where that makes a difference, and the same one whichever they have: a block of
 * all addresses holds every pod.
 */
function settled(
  { cluster, flags }: ExplainInput,
  ends: Ends,
  answerIn: (cluster: Cluster, ends: Ends) => string,
): Ends {
  const own = settledEnds(cluster, ends, behavioursOf(flags));
  return answerIn(cluster, own) === answerIn(cluster, ends) ? ends : own;
}

function allowedText(cluster: Cluster, { source, destination }: Ends): string {
  return formatConnections(connections(cluster, source, destination));
}

/** Everything that may pass. */
function pairAnswer(input: ExplainInput, given: Ends): FoundAnswer {
  const { context, flags, cluster } = input;
  const ends = endsIn(cluster, given);
  const style = styleFor(context.process.stdout);
  const missing = missingOfPair(seenBy(input), ends.source, ends.destination);
  const { source, destination } = missing.length === 0 ? settled(input, ends, allowedText) : ends;
  const differences = differencesOf(input, given);
  const under = (difference: PluginDifference): string => formatConnections(difference.connections);
  const lines = [
    pairText(cluster, source, destination, style),
    ...(missing.length === 0 ? [] : [missingFactsText(missing, style)]),
    ...(differences.length === 0 ? [] : [pluginDifferencesText(differences, under, style, pluginOf(flags))]),
  ];
  return {
    text: lines.join("\n"),
    kind: "Connections",
    fields: {
      ...jsonPair(cluster, source, destination),
      missing: jsonMissingFacts(missing),
      otherPlugins: flags.dialect === undefined ? jsonPluginDifferences(differences, under) : [],
    },
    isYes: missing.length === 0 && !isEmpty(connections(cluster, source, destination)),
  };
}

/** One connection, of ends of the manifests. */
export function verdictAnswer(
  input: ExplainInput,
  given: Ends,
  at: Omit<Connection, "source" | "destination">,
): FoundAnswer {
  const { context, flags, cluster } = input;
  const ends = endsIn(cluster, given);
  const style = styleFor(context.process.stdout);
  const missing = missingOfConnection(seenBy(input), { ...ends, ...at });
  const isKnown = missing.length === 0;
  const isAllowed = (inCluster: Cluster, some: Ends): string => `${verdict(inCluster, { ...some, ...at }).allowed}`;
  const answer = verdict(cluster, { ...(isKnown ? settled(input, ends, isAllowed) : ends), ...at });
  const allowedUnder = ({ connections: set }: PluginDifference): boolean => allows(set, at.protocol, at.port);
  const under = (difference: PluginDifference): string => (allowedUnder(difference) ? "allowed" : "denied");
  const plain = flags.dialect === undefined ? answer : verdict(input.given, { ...given, ...at });
  const differences = differencesOf(input, given).filter((one) => allowedUnder(one) !== plain.allowed);
  const broken = unusablePolicies(answer);
  const isAsked = (isKnown && !answer.allowed) || flags.edit;
  const edits = isAsked && broken.length === 0 ? turningEdits(cluster, answer) : undefined;
  const lines = [
    verdictText(cluster, answer, style, isKnown ? "known" : "unknown"),
    ...(isKnown ? [] : [missingFactsText(missing, style)]),
    ...(differences.length === 0 ? [] : [pluginDifferencesText(differences, under, style, pluginOf(flags))]),
    ...(isAsked && broken.length > 0 ? [`  to allow it, mend ${broken.map(policyText).join(", ")} first`] : []),
    ...(edits === undefined ? [] : [editsText(edits, answer.allowed ? "deny" : "allow", style)]),
  ];
  return {
    text: lines.join("\n"),
    kind: "Verdict",
    fields: {
      ...jsonVerdict(cluster, answer),
      answer: isKnown ? (answer.allowed ? "allowed" : "denied") : "unknown",
      missing: jsonMissingFacts(missing),
      otherPlugins: flags.dialect === undefined ? jsonPluginDifferences(differences, under) : [],
      ...(edits === undefined ? {} : { edits: jsonEdits(edits) }),
    },
    isYes: isKnown && answer.allowed,
  };
}

/** The policies with an error that close an end: what they would allow is not known, so no edit of others is the smallest. */
function unusablePolicies({ egress, ingress }: Verdict): readonly NetworkPolicy[] {
  return [egress, ingress].flatMap(({ reason }) =>
    reason.kind === "no-rule-matches" ? reason.isolatedBy.filter((one) => one.closedBecause !== undefined) : [],
  );
}
