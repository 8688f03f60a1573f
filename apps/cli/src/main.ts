import { basename } from "node:path";
import { readText } from "@podwall/agent";
import { readerGone } from "./reader-gone.ts";
import { runPodwall } from "./run-podwall.ts";

process.exitCode = await runPodwall(process.argv.slice(2), {
  process: { stdout: process.stdout, stderr: process.stderr, env: process.env },
  cwd: process.cwd(),
  isKubectlPlugin: basename(process.argv[1] ?? "").startsWith("kubectl-podwall"),
  readStdin: () => readText(process.stdin),
  readerGone: readerGone(process.stdout, process.stderr),
});
