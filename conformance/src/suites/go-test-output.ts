import type { Result } from "./result.ts";

/** Reads what a Go test program prints with `-test.v`: each test and each part of one, by its whole name. */
export function parseGoTest(lines: readonly string[]): readonly Omit<Result, "suite">[] {
  const said = new Map<string, string[]>();
  const ended = new Map<string, Omit<Result, "suite" | "output">>();
  let current = "";
  for (const line of lines) {
    const [, started] = /^=== (?:RUN|CONT|NAME)\s+(\S+)/.exec(line) ?? [];
    if (started !== undefined) {
      current = started;
      continue;
    }
    const [, word, name, seconds] = /^\s*--- (PASS|FAIL|SKIP): (\S+) \(([0-9.]+)s\)/.exec(line) ?? [];
    if (name === undefined) {
      said.set(current, [...(said.get(current) ?? []), line]);
      continue;
    }
    const state = word === "PASS" ? "passed" : word === "SKIP" ? "skipped" : "failed";
    ended.set(name, { name, state, seconds: Number(seconds) });
    current = "";
  }
  return [...ended.values()].map((result) => {
    const output = (said.get(result.name) ?? []).join("\n");
    if (result.state === "passed") return result;
    return { ...result, output, ...(result.state === "skipped" ? { reason: output.trim().slice(0, 300) } : {}) };
  });
}
