import type { Diagnostic } from "@podwall/engine";
import { githubCommand, githubLine } from "../escape/github-command.ts";
import { type CheckReport, severityCounts } from "./check-report.ts";

const levels = { error: "error", warning: "warning", info: "notice" } as const;

/** An annotation of GitHub Actions for each diagnostic, errors first because GitHub shows ten of each, and a summary. */
export function checkGithub({ diagnostics, coverage }: CheckReport): string {
  const ordered = Object.keys(levels).flatMap((level) => diagnostics.filter(({ severity }) => severity === level));
  return [...ordered.map(commandOf), githubLine(`${severityCounts(diagnostics)}: ${coverage}`), ""].join("\n");
}

function commandOf({ code, severity, message, help, range }: Diagnostic): string {
  const whole = help === undefined ? message : `${message}\nhelp: ${help}`;
  return githubCommand({ level: levels[severity], title: code, message: whole, range });
}
