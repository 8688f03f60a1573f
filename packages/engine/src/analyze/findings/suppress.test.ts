import { describe, expect, it } from "vitest";
import { readManifests } from "../../api/read-manifests.ts";
import { formatRange } from "../../source/source-file.ts";
import { findMistakes } from "./find-mistakes.ts";
import { suppress } from "./suppress.ts";

/** What is said of a policy with two rules for everybody, one in each direction, with comments put in. */
function said({ head = "", rules = "", rule = "", end = "", annotation = "" } = {}): readonly string[] {
  const text = `${head}apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
${annotation}spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
${rules}  ingress:
${rule}  - {} ${end}
  egress:
  - {}
`;
  const files = [{ name: "a.yaml", text: `apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n---\n${text}` }];
  const { objects, diagnostics, notes } = readManifests(files);
  return suppress([...diagnostics, ...findMistakes(objects)], { files, notes }).map(
    ({ code, range }) => `${code} ${range && formatRange(range)}`,
  );
}

const [ingress, egress] = ["PW3019", "PW3018"];

describe("a comment podwall-ignore", () => {
  it("is missed where it is not: both rules are found", () => {
    expect(said()).toEqual([`${ingress} a.yaml:13:5`, `${egress} a.yaml:15:5`]);
  });

  it("at the end of a line is about that line", () => {
    expect(said({ end: `# podwall-ignore ${ingress}: for everybody` })).toEqual([`${egress} a.yaml:15:5`]);
  });

  it("on a line of its own is about what comes next, with all that is below it", () => {
    expect(said({ rule: `  # podwall-ignore ${ingress}: for everybody\n` })).toEqual([`${egress} a.yaml:16:5`]);
    expect(said({ rules: `  # podwall-ignore ${ingress}: for everybody\n` })).toEqual([`${egress} a.yaml:16:5`]);
    expect(said({ rules: `  # podwall-ignore ${egress}: for everybody\n` })).toEqual([
      `${ingress} a.yaml:14:5`,
      `${egress} a.yaml:16:5`,
      "PW3032 a.yaml:12:3",
    ]);
  });

  it("before a document is about all of it, and not about the next one", () => {
    expect(said({ head: `# by the team\n# podwall-ignore ${ingress}, ${egress}: a test\n` })).toEqual([]);
  });

  it("without a reason is said, and works", () => {
    expect(said({ end: `# podwall-ignore ${ingress}` })).toEqual([`${egress} a.yaml:15:5`, "PW3031 a.yaml:13:8"]);
  });

  it("of a code that there is not, or without any, is said", () => {
    expect(said({ end: "# podwall-ignore PW399: no" })).toContain("PW3032 a.yaml:13:8");
    expect(said({ end: "# podwall-ignore" })).toContain("PW3032 a.yaml:13:8");
  });
});

describe("an annotation podwall.dev/ignore", () => {
  it("is about its object, one line for each reason", () => {
    const annotation = `  annotations:\n    podwall.dev/ignore: |\n      ${ingress}: for everybody\n      ${egress}: calls everybody\n`;
    expect(said({ annotation })).toEqual([]);
  });

  it("is said where it ignores nothing", () => {
    const annotation = `  annotations:\n    podwall.dev/ignore: "PW3002: it needs no names"\n`;
    expect(said({ annotation })).toEqual([`${ingress} a.yaml:15:5`, `${egress} a.yaml:17:5`, "PW3032 a.yaml:10:25"]);
  });
});

describe("an error", () => {
  it("is never left out", () => {
    const text =
      "# podwall-ignore PW2004: it is so\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec: {ingress: [{ports: [{protocol: tcp}]}]}\n";
    const files = [{ name: "a.yaml", text }];
    const { diagnostics, notes } = readManifests(files);
    expect(suppress(diagnostics, { files, notes }).map(({ code }) => code)).toEqual(["PW2004", "PW3032"]);
  });
});
