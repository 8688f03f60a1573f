import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** One of upstream's conformance tests, with its parts. */
export interface UpstreamTest {
  readonly name: string;
  readonly parts: readonly UpstreamPart[];
}

export interface UpstreamPart {
  /** As Go's `-test.run` and its report name it. */
  readonly name: string;
  /** Of what it probes, which is by SCTP. */
  readonly sctp: "none" | "some" | "all";
}

/** Upstream's tests of ClusterNetworkPolicy, out of the source of its module. */
export function upstreamTests(policyApi: string): readonly UpstreamTest[] {
  const folder = join(policyApi, "conformance/tests");
  return readdirSync(folder)
    .toSorted()
    .flatMap((file) => testsIn(readFileSync(join(folder, file), "utf8")));
}

/** The tests of one source file: each begins with its short name, and each part with a call of `t.Run`. */
export function testsIn(source: string): readonly UpstreamTest[] {
  const [, ...tests] = source.split(/ShortName:\s+"/);
  return tests.map((test) => {
    const [, ...parts] = test.split(/t\.Run\("/);
    return { name: test.slice(0, test.indexOf('"')), parts: parts.map(partOf) };
  });
}

function partOf(text: string): UpstreamPart {
  const protocols = [...text.matchAll(/"(tcp|udp|sctp)"/gi)].map(([, protocol = ""]) => protocol.toLowerCase());
  const bySctp = protocols.filter((protocol) => protocol === "sctp").length;
  const sctp = bySctp === 0 ? "none" : bySctp < protocols.length ? "some" : "all";
  return { name: text.slice(0, text.indexOf('"')).replaceAll(/\s/g, "_"), sctp };
}
