import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../cluster/cluster.ts";
import type { Prepared } from "../settings.ts";
import { ciSpecs } from "./ci-share.ts";
import { followOutput } from "./follow-output.ts";
import { parseGoTest } from "./go-test-output.ts";
import { kernelHasSctp, needsSctp } from "./kernel-has-sctp.ts";
import type { Result, SuiteContext } from "./result.ts";

const suite = "cluster-network-policy";

/** Runs the conformance tests of network-policy-api. They need two nodes. */
export async function runClusterNetworkPolicySuite(
  prepared: Prepared,
  cluster: Cluster,
  context: SuiteContext,
): Promise<readonly Result[]> {
  const { policyApi, programs, settings } = prepared;
  const definitions = join(policyApi, "config/crd/experimental");
  const files = readdirSync(definitions).filter((file) => file.startsWith("policy.networking.k8s.io_"));
  for (const file of files) await cluster.kubectl(["apply", "--server-side", "-f", join(definitions, file)]);
  await cluster.kubectl(["wait", "--for=condition=Established", "crd/clusternetworkpolicies.policy.networking.k8s.io"]);

  const chosen = testsOf(policyApi).filter(({ name }) => isChosen(name, settings));
  const skipped = kernelHasSctp() ? [] : chosen.filter(({ probesSctp }) => probesSctp);
  const runs = chosen.filter((test) => !skipped.includes(test));
  const results = skipped.map(({ name }): Result => ({ suite, name, state: "skipped", seconds: 0, reason: needsSctp }));
  if (runs.length === 0) return results;
  const lines: string[] = [];
  const argv = [
    programs["cluster-network-policy.test"] ?? "cluster-network-policy.test",
    "-test.v",
    "-test.timeout=2h",
    `-test.run=^TestConformance$/^(${runs.map(({ name }) => name).join("|")})$`,
    "-all-features",
  ];
  await followOutput(
    argv,
    join(context.folder, "output.log"),
    (line) => {
      lines.push(line);
      const [, done] = /^ {4}--- (.*)/.exec(line) ?? [];
      if (done !== undefined) context.say(`${suite}: ${done}`);
    },
    { KUBECONFIG: context.kubeconfig },
  );
  const ran = parseGoTest(lines).map(
    (test): Result => ({ suite, ...test, name: test.name.replace("TestConformance/", "") }),
  );
  // Each test is told by its own parts, where it has any.
  const parts = ran.filter(
    ({ name }) => name !== "TestConformance" && !ran.some((other) => other.name.startsWith(`${name}/`)),
  );
  const absent = runs.filter(({ name }) => !parts.some((part) => part.name.split("/")[0] === name));
  const lost = absent.map(
    ({ name }): Result => ({ suite, name, state: "failed", seconds: 0, output: lines.slice(-200).join("\n") }),
  );
  return [...parts, ...lost, ...results];
}

interface UpstreamTest {
  readonly name: string;
  readonly probesSctp: boolean;
}

/** Upstream's tests, out of its source: their names, and whether SCTP is among what they probe. */
function testsOf(policyApi: string): readonly UpstreamTest[] {
  const folder = join(policyApi, "conformance/tests");
  return readdirSync(folder)
    .toSorted()
    .flatMap((file) => {
      // A file may have several tests; what follows a name up to the next is that test's.
      const [, ...pieces] = readFileSync(join(folder, file), "utf8").split(/ShortName:\s+"/);
      return pieces.map((piece) => ({ name: piece.slice(0, piece.indexOf('"')), probesSctp: /"sctp"/i.test(piece) }));
    });
}

function isChosen(name: string, { focus, share }: Prepared["settings"]): boolean {
  if (focus !== undefined) return new RegExp(focus).test(name);
  return share === "all" || ciSpecs.clusterNetworkPolicy.some((one) => one === name);
}
