import { describe, expect, it } from "vitest";
import { formatConnections } from "../../net/connection-set.ts";
import { formatRange } from "../../source/source-file.ts";
import { readAssertions } from "./read-assertions.ts";

function read(text: string): ReturnType<typeof readAssertions> {
  return readAssertions({ name: "t.yaml", text });
}

/** Where and what is wrong, with the mend. */
function problemsOf(text: string): string[] {
  return read(text).diagnostics.map(
    ({ range, code, message, help }) => `${range && formatRange(range)} ${code} ${message}${help ? `; ${help}` : ""}`,
  );
}

describe("a file of assertions", () => {
  it("names ends in every form", () => {
    const { assertions, diagnostics } = read(`
assertions:
  - name: a name
    deny:
      from: [dev/*, shop/web, "*", 10.0.0.0/8, 192.0.2.1, "2001:db8::/32"]
      to: {namespaces: {env: prod}, pods: {matchExpressions: [{key: app, operator: Exists}]}}
  - allow: {from: world, to: {namespace: shop, pods: {app: web}}, ports: [TCP 80-81, UDP, other]}
  - allow: {from: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}, to: {pods: {}}}
`);
    expect(diagnostics).toEqual([]);
    expect(
      assertions.map(({ name, effect, ports, from, to }) => [
        name,
        effect,
        ports === "any" ? ports : formatConnections(ports),
        [...from, ...to].map(({ kind, text }) => `${kind}: ${text}`),
      ]),
    ).toEqual([
      [
        "a name",
        "deny",
        "all",
        [
          "selected: dev/*",
          "named: shop/web",
          "selected: every pod",
          "addresses: 10.0.0.0/8",
          "addresses: 192.0.2.1",
          "addresses: 2001:db8::/32",
          "selected: pods app of namespaces env=prod",
        ],
      ],
      [
        "allow world -> pods app=web of shop",
        "allow",
        "TCP 80-81; UDP; other",
        ["world: world", "selected: pods app=web of shop"],
      ],
      [
        "allow 10.0.0.0/16, 10.2.0.0/15, 10.4.0.0/14, 10.8.0.0/13, 10.16.0.0/12, 10.32.0.0/11, 10.64.0.0/10, 10.128.0.0/9 -> pods * of every namespace",
        "allow",
        "any",
        [
          "addresses: 10.0.0.0/16, 10.2.0.0/15, 10.4.0.0/14, 10.8.0.0/13, 10.16.0.0/12, 10.32.0.0/11, 10.64.0.0/10, 10.128.0.0/9",
          "selected: pods * of every namespace",
        ],
      ],
    ]);
  });

  it.each([
    ["", "PW1012 t.yaml has no assertions; write `assertions:`"],
    ["assertions: []", "has no assertions"],
    ["assertion: []", 't.yaml:1:1 PW1013 unknown field "assertion"; did you mean `assertions`?'],
    ["assertions: [{name: x}]", "t.yaml:1:14 PW1012 an assertion has either `allow` or `deny`"],
    ["assertions: [{deny: {to: a/b}}]", "`from` is missing; an end is `namespace/name`"],
    [
      "assertions: [{deny: {from: web, to: a/b}}]",
      't.yaml:1:28 PW1012 assertions[0].deny.from: "web" is nobody; an end is',
    ],
    ["assertions: [{deny: {from: a/b/c, to: a/b}}]", '"a/b/c" is nobody'],
    ["assertions: [{deny: {from: 10.0.0.1/8, to: a/b}}]", '"10.0.0.1/8" is'],
    ["assertions: [{deny: {from: {pod: {}}, to: a/b}}]", "did you mean `pods`?"],
    ["assertions: [{deny: {from: {}, to: a/b}}]", "this selects nobody"],
    ["assertions: [{deny: {from: [], to: a/b}}]", "an empty list, which is nobody"],
    ["assertions: [{deny: {from: {cidr: x}, to: a/b}}]", "t.yaml:1:35 PW2010"],
    ["assertions: [{deny: {from: {cidr: 10.0.0.0/8, pods: {}}, to: a/b}}]", "cannot be combined"],
    ["assertions: [{deny: {from: world, to: world}}]", "neither end is one"],
    ["assertions: [{deny: {from: a/b, to: a/c, ports: 443}}]", '"443" is no port; write `TCP 443`'],
    ["assertions: [{deny: {from: a/b, to: a/c, ports: [TCP 0]}}]", '"TCP 0" is no port'],
    ["assertions: [{deny: {from: a/b, to: a/c, ports: [TCP 9-8]}}]", '"TCP 9-8" is no port'],
    [
      "assertions: [{deny: {from: {pods: {matchExpressions: [{key: a, operator: in, values: [b]}]}}, to: a/c}}]",
      "PW2003",
    ],
    ["assertions: [{deny: [", "PW100"],
    ["assertions: [~]", "an assertion is missing here"],
  ])("%j is refused: %s", (text, expected) => {
    expect(problemsOf(text).join("\n")).toContain(expected);
  });
});
