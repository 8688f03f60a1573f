/** A case that cyclonus generates. */
export interface CyclonusCase {
  /** Its number among all that this version of cyclonus generates, from 1. */
  readonly case: number;
  readonly description: string;
  readonly tags: readonly string[];
}

interface EndedCase extends CyclonusCase {
  readonly passed: boolean;
  /** What kept it from running to its end. */
  readonly error?: string;
  readonly startedAtMs: number;
  readonly seconds: number;
  /** What cyclonus said meanwhile, and the error. */
  readonly said: string;
}

interface CyclonusOutput {
  readonly listed: readonly CyclonusCase[];
  readonly ended: readonly EndedCase[];
  /** What was said after the last case that ended. */
  readonly unfinished: string;
}

/** Reads what `conformance/cyclonus` prints: lines of its own, marked, with cyclonus' own lines between them. */
export function readCyclonusOutput(lines: readonly string[]): CyclonusOutput {
  const listed: CyclonusCase[] = [];
  const ended: EndedCase[] = [];
  let said: string[] = [];
  for (const line of lines) {
    const [, mark, json = ""] = /^podwall-(case|start|end) (\{.*\})$/.exec(line) ?? [];
    if (mark === "case") listed.push(JSON.parse(json) as CyclonusCase);
    else if (mark === "start") said = [];
    else if (mark === "end") {
      const one = JSON.parse(json) as Omit<EndedCase, "said">;
      ended.push({ ...one, said: [...(one.error === undefined ? [] : [one.error, ""]), ...said].join("\n") });
      said = [];
    } else said.push(line);
  }
  return { listed, ended, unfinished: said.slice(-200).join("\n") };
}
