import { type ClusterDiff, formatConnections, isEmpty } from "@podwall/engine";
import { githubCommand, githubLine } from "../escape/github-command.ts";
import { missingFactText } from "../explain/missing-facts-text.ts";
import { diffSections, diffSummary, unknownTexts } from "./diff-sections.ts";
import { EndNames } from "./end-names.ts";

/** An annotation of GitHub Actions for each sort of change: a warning for what opens, a notice for what closes. */
export function diffGithub(diff: ClusterDiff): string {
  const { blocks, ends } = diff;
  const names = new EndNames(ends);
  const commands = diffSections(blocks).map(({ heading, opens, blocks: own }) => {
    const lines = own.flatMap((block) => {
      const { sources, destinations, opened, closed, unknown } = block;
      const who = `${names.list(sources)} -> ${names.list(destinations)}`;
      return [
        ...(isEmpty(opened) ? [] : [`+ ${who}  ${formatConnections(opened)}`]),
        ...(isEmpty(closed) ? [] : [`- ${who}  ${formatConnections(closed)}`]),
        ...unknownTexts(block).map((text) => `? ${who}  ${text}`),
        ...[...new Set(unknown?.missing.map(missingFactText))].map((text) => `  ${text}`),
      ];
    });
    return githubCommand({ level: opens ? "warning" : "notice", title: heading, message: lines.join("\n") });
  });
  return [...commands, githubLine(diffSummary(diff)), ""].join("\n");
}
