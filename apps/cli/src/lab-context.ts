import type { LabContext } from "@podwall/lab";
import { diagnosticText, printable, verdictText } from "@podwall/report";
import { styleFor } from "./colour.ts";
import type { Context } from "./context.ts";

/** What the lab needs of a command's context. */
export function labContext({ process, cwd, readStdin, readerGone }: Context): LabContext {
  return {
    process,
    cwd,
    readStdin,
    ...(readerGone === undefined ? {} : { readerGone }),
    printable,
    styleFor,
    diagnosticText: (diagnostic, output) => diagnosticText(diagnostic, styleFor(output)),
    verdictText: (cluster, verdict, output) => verdictText(cluster, verdict, styleFor(output)),
  };
}
