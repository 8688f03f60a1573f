import { join } from "node:path";
import type { Prepared } from "../settings.ts";
import { ciSpecs } from "./ci-share.ts";
import { followOutput } from "./follow-output.ts";
import { parseGoTest } from "./go-test-output.ts";
import { type Result, type SuiteContext, needsSctp } from "./result.ts";
import { upstreamTests } from "./upstream-tests.ts";

const suite = "cluster-network-policy";

interface Part {
  /** The test and the part, as Go names them. */
  readonly name: string;
  readonly sctp: "none" | "some" | "all";
}

/** Runs the conformance tests of network-policy-api. They need two nodes. */
export async function runClusterNetworkPolicySuite(
  prepared: Prepared,
  context: SuiteContext,
): Promise<readonly Result[]> {
  const { policyApi, programs, settings, hasSctp } = prepared;
  const chosen = upstreamTests(policyApi)
    .filter(({ name }) => isChosen(name, settings))
    .flatMap(({ name, parts }) => parts.map((part): Part => ({ name: `${name}/${part.name}`, sctp: part.sctp })));
  const cannot = hasSctp ? [] : chosen.filter(({ sctp }) => sctp === "all");
  const can = chosen.filter((part) => !cannot.includes(part));
  const skipped = cannot.map(({ name }): Result => ({ suite, name, state: "skipped", seconds: 0, reason: needsSctp }));
  if (can.length === 0) return skipped;
  const tests = [...new Set(can.map(({ name }) => name.split("/")[0]))];
  const lines: string[] = [];
  const argv = [
    programs["cluster-network-policy.test"] ?? "cluster-network-policy.test",
    // Tells of each part as soon as it is done, with a mark before its own lines.
    "-test.v=test2json",
    "-test.timeout=2h",
    `-test.run=^TestConformance$/^(${tests.join("|")})$`,
    "-all-features",
  ];
  await followOutput(
    argv,
    join(context.folder, "output.log"),
    (marked) => {
      const line = marked.replaceAll("\u0016", "");
      lines.push(line);
      const [, done] = /^\s*--- ([A-Z]+: TestConformance\/\S+.*)/.exec(line) ?? [];
      if (done !== undefined) context.say(`${suite}: ${done}`);
    },
    { KUBECONFIG: context.kubeconfig },
  );
  return [...resultsOf(can, lines, hasSctp), ...skipped];
}

/** One for each part. A part that was never reached failed, and so did one whose test failed outside its parts. */
function resultsOf(parts: readonly Part[], lines: readonly string[], hasSctp: boolean): readonly Result[] {
  const ran = new Map(parseGoTest(lines).map((test) => [test.name.replace("TestConformance/", ""), test]));
  return parts.map(({ name, sctp }): Result => {
    const part = ran.get(name);
    const test = ran.get(name.split("/")[0] ?? "");
    const without = sctp === "some" && !hasSctp ? { without: "SCTP probes" } : {};
    if (part !== undefined) return { suite, ...part, name, ...without };
    if (test?.state === "skipped") return { suite, ...test, name };
    return { suite, name, state: "failed", seconds: 0, output: test?.output ?? lines.slice(-200).join("\n") };
  });
}

function isChosen(name: string, { focus, share }: Prepared["settings"]): boolean {
  if (focus !== undefined) return new RegExp(focus).test(name);
  return share !== "ci" || ciSpecs.clusterNetworkPolicy.some((one) => one === name);
}
