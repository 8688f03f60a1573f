import type { AssertionResult, Cluster } from "@podwall/engine";
import { githubCommand, githubLine } from "../escape/github-command.ts";
import { plainStyle } from "../style.ts";
import { assertionsSummary } from "./assertions-text.ts";
import { counterExampleText, failureReason } from "./failure-text.ts";

/** An annotation of GitHub Actions for each assertion that did not pass, and a line that sums up. */
export function assertionsGithub(cluster: Cluster, results: readonly AssertionResult[]): string {
  const commands = results
    .filter(({ outcome }) => outcome !== "passed")
    .map((result) => {
      const { name, range } = result.assertion;
      const explanation = counterExampleText(cluster, result, plainStyle);
      const message = [failureReason(result), ...(explanation === "" ? [] : [explanation])].join("\n");
      return githubCommand({ level: "error", title: name, message, range });
    });
  return [...commands, githubLine(assertionsSummary(results)), ""].join("\n");
}
