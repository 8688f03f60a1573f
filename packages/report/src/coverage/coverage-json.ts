import type { Coverage } from "@podwall/engine";
import { jsonPlace } from "../json.ts";

/** The fields of a coverage. */
export function jsonCoverage(coverage: Coverage): Readonly<Record<string, unknown>> {
  const { files, objects, used, leftOut, ignored, others, undeclared, namespaceKeys } = coverage;
  return {
    files,
    objects,
    used: Object.fromEntries(used),
    leftOut: Object.fromEntries(leftOut),
    ignored: Object.fromEntries(ignored),
    notJudged: others.map(({ role, apiVersion, kind, namespace, name, range }) => ({
      role,
      apiVersion,
      kind,
      namespace,
      name,
      place: jsonPlace(range),
    })),
    undeclaredNamespaces: undeclared,
    namespaceKeys,
  };
}
