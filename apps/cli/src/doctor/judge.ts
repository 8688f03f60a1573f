import type { DoctorRow } from "@podwall/report";
import type { Numbered } from "./doctor-pods.ts";
import { type DoctorTest, ownNode } from "./doctor-test.ts";
import type { Round } from "../probing/read-rounds.ts";

/** What was seen of one probe from one client. */
export interface Observation {
  readonly probe: Numbered;
  /** Undefined where it is not known where both run. */
  readonly path: "on one node" | "between nodes" | undefined;
  /** The best word without policies; undefined where there was none. */
  readonly before: string | undefined;
  /** The last words with policies, oldest first. */
  readonly after: readonly string[];
}

/** So many rounds, one after another, must agree. */
const agreeing = 2;
const mostNamed = 3;

export type Outcome = Pick<DoctorRow, "seen" | "verdict">;

/** What the last rounds said of a probe, oldest first; rounds in which it is missing say nothing. */
export function lastWords(rounds: readonly Round[], { number }: Numbered): readonly string[] {
  return rounds
    .map((round) => round.get(number))
    .filter((word) => word !== undefined)
    .slice(-agreeing);
}

/** Whether it is, round after round, as it should be. */
export function isAsExpected({ probe, after }: Observation): boolean {
  return after.length >= agreeing && after.every((word) => (word === "open") === (probe.expected === "open"));
}

/** Whether it can be told from what it was before: denied means nothing where there was no way without policies. */
export function isUsable({ before, after }: Observation): boolean {
  return before === "open" && after.length >= agreeing;
}

/** `isEnforcing`: whether a policy that denies everything does so; else what is left open cannot be seen. */
export function judge(test: DoctorTest, observations: readonly Observation[], isEnforcing: boolean): Outcome {
  const usable = observations.filter(isUsable);
  const wrong = usable.filter((one) => !isAsExpected(one));
  const useless = observations.filter((one) => !isUsable(one));
  if (test.isLeftOpen && !isEnforcing)
    return { verdict: "unknown", seen: "nothing to see, as policies are not enforced" };
  if (wrong.length > 0 && !test.isLeftOpen) return { verdict: "not", seen: named(wrong, observations.length) };
  if (useless.length > 0 || observations.length === 0)
    return { verdict: "unknown", seen: useless[0] === undefined ? "nothing was tried" : whyUseless(useless[0]) };
  if (test.isLeftOpen) return { verdict: "open", seen: leftOpen(usable) };
  return { verdict: "ok", seen: `${usable.length} of ${usable.length} connections so` };
}

function named(wrong: readonly Observation[], of: number): string {
  const shown = wrong.slice(0, mostNamed).map(({ probe, path, after }) => {
    const what = after.at(-1) === "open" ? "open, must be denied" : `${after.at(-1)}, must be open`;
    return `${connectionText(probe)}${path === undefined ? "" : ` ${path}`}: ${what}`;
  });
  const more = wrong.length - shown.length;
  return [`${wrong.length} of ${of} connections are not so`, ...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(
    "; ",
  );
}

function whyUseless({ probe, before, after }: Observation): string {
  const what = connectionText(probe);
  if (before === undefined) return `could not be tried: ${what}: its client said nothing`;
  if (before === "MISSING") return `could not be tried: the image has no program ping`;
  if (before !== "open") return `could not be tried: without any policy, ${what}: ${before}`;
  return `could not be tried: ${what}: ${after.length} answers with policies, too few`;
}

function leftOpen(observations: readonly Observation[]): string {
  return observations
    .map(({ probe, after }) => {
      const word = new Set(after.map((one) => (one === "open" ? "open" : "denied")));
      return `${connectionText(probe)}: ${word.size === 1 ? [...word].join() : "now open, now denied"}`;
    })
    .join("; ");
}

function connectionText({ from, to, protocol, port }: Numbered): string {
  const what = port === undefined ? protocol.toUpperCase() : `${protocol.toUpperCase()} ${port}`;
  return `${from} to ${to === ownNode ? "its own node" : to}, ${what}`;
}
