import { type Application, buildApplication, buildRouteMap } from "@stricli/core";
import { agentCommand, cleanupCommand } from "./commands/agent.ts";
import { bootQuarantineCommand } from "./commands/boot-quarantine.ts";
import { checkCommand } from "./commands/check.ts";
import { completionCommand } from "./commands/completion.ts";
import { diffCommand } from "./commands/diff.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { explainCommand } from "./commands/explain.ts";
import { labCommands } from "./commands/lab.ts";
import { mapCommand } from "./commands/map.ts";
import { probeCommand } from "./commands/probe.ts";
import { statusCommand } from "./commands/status.ts";
import { testCommand } from "./commands/test.ts";
import { waitCommand } from "./commands/wait.ts";
import type { Context } from "./context.ts";
import { texts } from "./texts.ts";
import { version } from "./version.ts";

/** The command `podwall`. */
export const app: Application<Context> = buildApplication(
  buildRouteMap({
    routes: {
      check: checkCommand,
      explain: explainCommand,
      map: mapCommand,
      diff: diffCommand,
      test: testCommand,
      lab: labCommands,
      agent: agentCommand,
      status: statusCommand,
      wait: waitCommand,
      probe: probeCommand,
      doctor: doctorCommand,
      cleanup: cleanupCommand,
      completion: completionCommand,
      "boot-quarantine": bootQuarantineCommand,
    },
    docs: { brief: "The firewall for Kubernetes pods: who can talk to whom, and why" },
  }),
  {
    name: "podwall",
    scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
    localization: { loadText: () => texts },
    versionInfo: { currentVersion: version },
  },
);
