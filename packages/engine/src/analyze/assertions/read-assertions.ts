import { type ConnectionSet, allConnections } from "../../net/connection-set.ts";
import type { Field } from "../../api/field.ts";
import { allowOnly } from "../../api/known-fields.ts";
import { checkMapping, child, items, rootField } from "../../api/read-field.ts";
import { readString } from "../../api/read-scalar.ts";
import { diagnostic } from "../../source/catalogue.ts";
import type { Diagnostic } from "../../source/diagnostic.ts";
import { parse } from "../../source/parse.ts";
import type { SourceFile } from "../../source/source-file.ts";
import type { Assertion, AssertionEnd } from "./assertion.ts";
import { readEnds } from "./read-ends.ts";
import { readPorts } from "./read-ports.ts";

export interface ReadAssertions {
  readonly assertions: readonly Assertion[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a file of assertions. One with an error is left out, so whoever has errors must not call the rest a success.
 *
 * @example readAssertions({ name: "t.yaml", text: "assertions: [{deny: {from: dev/*, to: prod/*}}]" })
 */
export function readAssertions(file: SourceFile): ReadAssertions {
  const { documents, diagnostics: syntax } = parse(file);
  const diagnostics: Diagnostic[] = [...syntax];
  const assertions: Assertion[] = [];
  for (const document of documents) {
    const root = rootField(document, diagnostics);
    // With `apiVersion` and `kind` the file may lie among manifests, whose readers pass over it.
    allowOnly(root, ["apiVersion", "kind", "assertions"]);
    for (const item of items(child(root, "assertions"))) {
      const problems: Diagnostic[] = [];
      const assertion = readAssertion({ ...item, problems });
      diagnostics.push(...problems);
      if (assertion !== undefined && problems.length === 0) assertions.push(assertion);
    }
  }
  if (assertions.length === 0 && diagnostics.length === 0) {
    const range = { file, start: 0, end: 0 };
    const help = "write `assertions:` and below it a list, such as `- deny: {from: dev/*, to: prod/*}`";
    diagnostics.push(diagnostic("PW1012", `${file.name} has no assertions`, { range, help }));
  }
  return { assertions, diagnostics };
}

function readAssertion(field: Field): Assertion | undefined {
  if (field.node === undefined) return wrong(field, "an assertion is missing here");
  if (!checkMapping(field)) return undefined;
  allowOnly(field, ["name", "allow", "deny"]);
  const [allow, deny] = [child(field, "allow"), child(field, "deny")];
  if ((allow.node === undefined) === (deny.node === undefined)) {
    return wrong(field, "an assertion has either `allow` or `deny`, with `from` and `to`");
  }
  const effect = allow.node === undefined ? "deny" : "allow";
  const body = effect === "allow" ? allow : deny;
  if (!checkMapping(body)) return undefined;
  allowOnly(body, ["from", "to", "ports"], new Map([["name", "the assertion, beside `allow` or `deny`"]]));
  const from = readEnds(child(body, "from"), "from");
  const to = readEnds(child(body, "to"), "to");
  const isOutside = (ends: readonly AssertionEnd[]): boolean =>
    ends.length > 0 && ends.every(({ kind }) => kind === "world");
  if (isOutside(from) && isOutside(to)) return wrong(body, "policies are about pods, and neither end is one");
  const ports = child(body, "ports");
  const name = readString(child(field, "name"));
  const what: ConnectionSet | "any" =
    ports.node === undefined ? (effect === "allow" ? "any" : allConnections) : readPorts(ports, effect);
  return { name: name ?? nameFor(effect, from, to), effect, from, to, ports: what, range: field.range };
}

/** What an assertion is called that has no name. */
function nameFor(effect: string, from: readonly AssertionEnd[], to: readonly AssertionEnd[]): string {
  const list = (ends: readonly AssertionEnd[]): string => ends.map(({ text }) => text).join(", ");
  return `${effect} ${list(from)} -> ${list(to)}`;
}

function wrong(field: Field, message: string): undefined {
  const help = "such as `- name: dev stays out of prod` with `deny: {from: dev/*, to: prod/*}`";
  field.problems.push(diagnostic("PW1012", message, { range: field.range, help }));
  return undefined;
}
