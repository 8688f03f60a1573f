import { readFileSync } from "node:fs";
import type { MeasuredRun, RunOutput } from "./measured-run.ts";

/** What a program of podwall's printed. Throws when it did not end well. */
export function jsonOf<Result>({ ended }: MeasuredRun, { stdout, stderr }: RunOutput): Result {
  if (ended.kind === "exited" && ended.code === 0) return JSON.parse(readFileSync(stdout, "utf8")) as Result;
  const how = ended.kind === "stopped" ? ended.reason : `exit code ${ended.code}`;
  throw new Error(`podwall did not work it out: ${how}\n${readFileSync(stderr, "utf8").slice(-2000)}`);
}
