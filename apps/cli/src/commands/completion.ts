import { buildChoiceParser, buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";

const shells = ["bash", "zsh", "fish"] as const;
type Shell = (typeof shells)[number];

export const completionCommand = buildCommand<Record<never, never>, [Shell], Context>({
  docs: {
    brief: "Print a script that completes podwall's commands and options in a shell",
    fullDescription: [
      "The shell asks podwall itself, so that what is completed is what this version has.",
      "",
      "Examples:",
      "  source <(podwall completion bash)",
      "  source <(podwall completion zsh)",
      "  podwall completion fish | source",
    ].join("\n"),
  },
  parameters: {
    flags: {},
    positional: {
      kind: "tuple",
      parameters: [
        {
          brief: "bash, zsh or fish",
          parse: buildChoiceParser(shells),
          placeholder: "SHELL",
          proposeCompletions: (partial: string) => shells.filter((shell) => shell.startsWith(partial)),
        },
      ],
    },
  },
  async func(this: Context, _flags, shell) {
    const { shellScripts } = await import("../completion/shell-scripts.ts");
    this.process.stdout.write(shellScripts[shell]);
    this.exitCode = 0;
  },
});
