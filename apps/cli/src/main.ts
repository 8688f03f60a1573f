import { text } from "node:stream/consumers";
import { runPodwall } from "./run-podwall.ts";

process.exitCode = await runPodwall(process.argv.slice(2), {
  process: { stdout: process.stdout, stderr: process.stderr },
  cwd: process.cwd(),
  readStdin: () => text(process.stdin),
});
