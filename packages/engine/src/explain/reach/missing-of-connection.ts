import type { Connection, Endpoint } from "../../evaluate/connection.ts";
import { allows } from "../../net/connection-set.ts";
import type { MissingFact } from "../unknown/missing-fact.ts";
import { missingFacts, missingFactsOfPair, triesEveryWay } from "../unknown/missing-facts.ts";
import { EndAnswers, type Seen } from "./end-answers.ts";

/**
 * What an answer for a connection depends on and the input does not say: empty where the answer is the same, whatever is not
 * known. Where there are too many ways in which things may be to judge each, what may pass is found from the rules of either side.
 */
export function missingOfConnection(seen: Seen, connection: Connection): readonly MissingFact[] {
  const { cluster, others = [], behaviours = [] } = seen;
  const { source, destination, protocol, port } = connection;
  const found = missingFacts(cluster, others, connection, behaviours);
  if (found.length > 0 || triesEveryWay(cluster, { source, destination }, behaviours)) return found;
  const { uncertain, missing } = new EndAnswers(seen).between(source, destination);
  return allows(uncertain, protocol, port) ? missing : [];
}

/** As `missingOfConnection`, for everything that may pass between two ends. */
export function missingOfPair(seen: Seen, source: Endpoint, destination: Endpoint): readonly MissingFact[] {
  const { cluster, others = [], behaviours = [] } = seen;
  const found = missingFactsOfPair(cluster, others, source, destination, behaviours);
  if (found.length > 0 || triesEveryWay(cluster, { source, destination }, behaviours)) return found;
  return new EndAnswers(seen).between(source, destination).missing;
}
