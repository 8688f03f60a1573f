import { describe, expect, it } from "vitest";
import { messagesOf, placesOf, policyText, readText } from "./testing.ts";

const qualifiedName =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const labelValue =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

describe("validation says what the API server says", () => {
  const port = "spec.ingress[0].ports[0]";
  it.each([
    ["{port: 0}", `${port}.port: Invalid value: 0: must be between 1 and 65535, inclusive`],
    ["{port: 65536}", `${port}.port: Invalid value: 65536: must be between 1 and 65535, inclusive`],
    ["{protocol: tcp}", `${port}.protocol: Unsupported value: "tcp": supported values: "TCP", "UDP", "SCTP"`],
    ['{protocol: ""}', `${port}.protocol: Unsupported value: "": supported values: "TCP", "UDP", "SCTP"`],
    ["{port: 2, endPort: 1}", `${port}.endPort: Invalid value: 2: must be greater than or equal to \`port\``],
    ["{port: 2, endPort: 70000}", `${port}.endPort: Invalid value: 70000: must be between 1 and 65535, inclusive`],
    ["{port: a, endPort: 1}", `${port}.endPort: Invalid value: 1: may not be specified when \`port\` is non-numeric`],
    ["{endPort: 1}", `${port}.endPort: Invalid value: 1: may not be specified when \`port\` is not specified`],
    ['{port: "80"}', `${port}.port: Invalid value: "80": must contain at least one letter (a-z)`],
    [
      "{port: A}",
      `${port}.port: Invalid value: "A": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)`,
    ],
    ["{port: a--b}", `${port}.port: Invalid value: "a--b": must not contain consecutive hyphens`],
    ["{port: a-}", `${port}.port: Invalid value: "a-": must not begin or end with a hyphen`],
    ["{port: aaaaaaaaaaaaaaaa}", `${port}.port: Invalid value: "aaaaaaaaaaaaaaaa": must be no more than 15 characters`],
  ])("of the port %s", (written, message) => {
    expect(messagesOf(policyText(`  ingress:\n  - ports: [${written}]`))).toContain(message);
  });

  it.each([
    ["uid: 5", "metadata.uid: Invalid value: 5: must be text, not a number"],
    ["generation: '5'", "metadata.generation: Invalid value: 5: must be a whole number, not text"],
    [`annotations: {a: ${"x".repeat(2 ** 18)}}`, "metadata.annotations: Too long: may not be more than 262144 bytes"],
  ])("of metadata, %#", (field, message) => {
    expect(messagesOf(policyText("").replace(/name: .*/, (name) => `${name}\n  ${field}`))).toEqual([message]);
  });

  it("takes annotations of 256 KiB", () => {
    const field = `annotations: {a: ${"x".repeat(2 ** 18 - 1)}}`;
    expect(messagesOf(policyText("").replace(/name: .*/, (name) => `${name}\n  ${field}`))).toEqual([]);
  });

  it("of an endPort of 0, which breaks two rules", () => {
    expect(messagesOf(policyText("  ingress:\n  - ports: [{port: 1, endPort: 0}]"))).toHaveLength(2);
  });

  const peer = "spec.egress[0].to[0]";
  const badCidr = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
  const subset = "must be a strict subset of `cidr`";
  it.each([
    ["{}", `${peer}: Required value: must specify a peer`],
    ["~", `${peer}: Required value: must specify a peer`],
    ["{podSelector: }", `${peer}: Required value: must specify a peer`],
    [
      "{podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}",
      `${peer}: Forbidden: may not specify both ipBlock and another peer`,
    ],
    ["{ipBlock: {}}", `${peer}.ipBlock.cidr: Required value`],
    ['{ipBlock: {cidr: ""}}', `${peer}.ipBlock.cidr: Required value`],
    ["{ipBlock: {cidr: 10.0.0.1}}", `${peer}.ipBlock.cidr: Invalid value: "10.0.0.1": ${badCidr}`],
    [
      "{ipBlock: {cidr: 10.0.0.1/8}}",
      `${peer}.ipBlock.cidr: Invalid value: "10.0.0.1/8": must not have bits set beyond the prefix length`,
    ],
    [
      "{ipBlock: {cidr: 010.0.0.0/8}}",
      `${peer}.ipBlock.cidr: Invalid value: "010.0.0.0/8": must not have leading 0s in IP or prefix length`,
    ],
    [
      '{ipBlock: {cidr: "::ffff:10.0.0.0/95"}}',
      `${peer}.ipBlock.cidr: Invalid value: "::ffff:10.0.0.0/95": must not have an IPv4-mapped IPv6 address`,
    ],
    [
      '{ipBlock: {cidr: "::ffff:10.0.0.0/104"}}',
      `${peer}.ipBlock.cidr: Invalid value: "::ffff:10.0.0.0/104": must not have an IPv4-mapped IPv6 address`,
    ],
    [
      "{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}",
      `${peer}.ipBlock.except[0]: Invalid value: "10.0.0.0/8": ${subset}`,
    ],
    [
      '{ipBlock: {cidr: 10.0.0.0/8, except: ["fd00::/8"]}}',
      `${peer}.ipBlock.except[0]: Invalid value: "fd00::/8": ${subset}`,
    ],
    ["{ipBlock: {cidr: 10.0.0.0/8, except: [x]}}", `${peer}.ipBlock.except[0]: Invalid value: "x": ${badCidr}`],
  ])("of the peer %s", (written, message) => {
    expect(messagesOf(policyText(`  egress:\n  - to:\n    - ${written}`))).toEqual([message]);
  });

  const selector = "spec.podSelector";
  it.each([
    ["matchLabels: {-a: b}", `${selector}.matchLabels: Invalid value: "-a": ${qualifiedName}`],
    ["matchLabels: {a: b c}", `${selector}.matchLabels: Invalid value: "b c": ${labelValue}`],
    ['matchLabels: {/a: ""}', `${selector}.matchLabels: Invalid value: "/a": prefix part must be non-empty`],
    ['matchLabels: {A/a: ""}', `${selector}.matchLabels: Invalid value: "A/a": prefix part ${subdomain}`],
    [
      "matchExpressions: [{key: a, operator: In}]",
      `${selector}.matchExpressions[0].values: Required value: must be specified when \`operator\` is 'In' or 'NotIn'`,
    ],
    [
      "matchExpressions: [{key: a, operator: Exists, values: [b]}]",
      `${selector}.matchExpressions[0].values: Forbidden: may not be specified when \`operator\` is 'Exists' or 'DoesNotExist'`,
    ],
    [
      "matchExpressions: [{key: a, operator: Gt, values: [b]}]",
      `${selector}.matchExpressions[0].operator: Invalid value: "Gt": not a valid selector operator`,
    ],
    [
      'matchExpressions: [{key: a, operator: In, values: ["", "b "]}]',
      `${selector}.matchExpressions[0].values[1]: Invalid value: "b ": ${labelValue}`,
    ],
  ])("of the selector %s", (written, message) => {
    expect(messagesOf(policyText(`  podSelector:\n    ${written}`))).toEqual([message]);
  });

  it("of policyTypes", () => {
    expect(messagesOf(policyText("  policyTypes: [Ingress, ingress]"))).toEqual([
      'spec.policyTypes[1]: Unsupported value: "ingress": supported values: "Ingress", "Egress"',
    ]);
    expect(messagesOf(policyText("  policyTypes: [Ingress, Egress, x]"))).toEqual([
      'spec.policyTypes: Invalid value: ["Ingress","Egress","x"]: may not specify more than two policyTypes',
    ]);
    expect(messagesOf(policyText("  policyTypes: [Ingress, Ingress]"))).toEqual([]);
  });

  it("of names, labels and annotations", () => {
    const text = policyText("  {}").replace(
      "name: web",
      "name: Web\n  namespace: a.b\n  labels: {a: ' '}\n  annotations: {b c: d}",
    );
    expect(messagesOf(text)).toEqual([
      `metadata.name: Invalid value: "Web": ${subdomain}`,
      'metadata.namespace: Invalid value: "a.b": must not contain dots',
      `metadata.labels: Invalid value: " ": ${labelValue}`,
      `metadata.annotations: Invalid value: "b c": ${qualifiedName}`,
    ]);
    expect(messagesOf(policyText("  {}").replace("name: web", "labels: {}"))).toEqual([
      "metadata.name: Required value: name or generateName is required",
    ]);
  });

  it("of the start of a name, to which it would add letters", () => {
    const named = (metadata: string): readonly string[] =>
      messagesOf(policyText("  {}").replace("name: web", metadata.replace("; ", "\n  ")));
    expect(named("generateName: web-")).toEqual([]);
    expect(named("generateName: web_")).toEqual([`metadata.generateName: Invalid value: "web_": ${subdomain}`]);
    expect(named("name: web; generateName: A")).toEqual([`metadata.generateName: Invalid value: "A": ${subdomain}`]);
  });

  it("of IPv6 that is not written as usual, as a warning", () => {
    const text = policyText(
      '  egress: [{to: [{ipBlock: {cidr: "FD00::/8", except: ["fd00:0:0::/16", "fd01::/16"]}}]}]',
    );
    expect(messagesOf(text)).toEqual([
      'spec.egress[0].to[0].ipBlock.cidr: IPv6 CIDR value "FD00::/8" should be in RFC 5952 canonical format ("fd00::/8")',
      'spec.egress[0].to[0].ipBlock.except[0]: IPv6 CIDR value "fd00:0:0::/16" should be in RFC 5952 canonical format ("fd00::/16")',
    ]);
    expect(readText(text).objects).not.toMatchObject([{ closedBecause: expect.anything() }]);
  });

  it("of unknown fields, with what was meant", () => {
    const text = policyText(
      "  podselector: {}\n  ingress:\n  - ports:\n    - port: 80\n      namespaceSelector: {}\n  - to: []",
    );
    expect(messagesOf(text)).toEqual([
      'unknown field "spec.podselector"',
      'unknown field "spec.ingress[0].ports[0].namespaceSelector"',
      'unknown field "spec.ingress[1].to"',
    ]);
    expect(readText(text).diagnostics.map(({ help }) => help)).toEqual([
      "did you mean `podSelector`?",
      "`namespaceSelector` belongs in an item of `from` or `to`: check the indentation",
      "`to` belongs in `egress`; here it is `from`: check the indentation",
    ]);
    expect(messagesOf(`${policyText("  {}")}status: {}\n`)).toEqual(['unknown field "status"']);
  });
});

describe("values of the wrong type", () => {
  it.each([
    [
      "  podSelector: {matchLabels: {a: true}}",
      "spec.podSelector.matchLabels.a: Invalid value: true: must be text, not a boolean",
    ],
    [
      "  podSelector: {matchLabels: {a: 1}}",
      "spec.podSelector.matchLabels.a: Invalid value: 1: must be text, not a number",
    ],
    ["  podSelector: {matchLabels: [a]}", "spec.podSelector.matchLabels: Invalid value: must be a mapping, not a list"],
    ["  ingress: {from: []}", "spec.ingress: Invalid value: must be a list, not a mapping"],
    [
      "  ingress: [{ports: [{port: 80.5}]}]",
      "spec.ingress[0].ports[0].port: Invalid value: 80.5: must be a whole number or text, not a fraction",
    ],
    [
      "  ingress: [{ports: [{port: true}]}]",
      "spec.ingress[0].ports[0].port: Invalid value: true: must be a whole number or text, not a boolean",
    ],
    [
      '  ingress: [{ports: [{port: 1, endPort: "2"}]}]',
      "spec.ingress[0].ports[0].endPort: Invalid value: 2: must be a whole number, not text",
    ],
    ["  ingress: [{from: [web]}]", "spec.ingress[0].from[0]: Invalid value: web: must be a mapping, not text"],
    ["  policyTypes: Ingress", "spec.policyTypes: Invalid value: Ingress: must be a list, not text"],
    ["  [a]", "spec: Invalid value: must be a mapping, not a list"],
    // Only once, not of what they lack too.
    [
      "  podSelector: {matchExpressions: [a]}",
      "spec.podSelector.matchExpressions[0]: Invalid value: a: must be a mapping, not text",
    ],
    [
      "  egress: [{to: [{ipBlock: 10.0.0.0/8}]}]",
      "spec.egress[0].to[0].ipBlock: Invalid value: 10.0.0.0/8: must be a mapping, not text",
    ],
  ])("%s", (spec, message) => {
    expect(messagesOf(policyText(spec))).toEqual([message]);
  });

  it("are accepted where Go accepts them: 80.0 is 80, and null is absent or the empty text", () => {
    expect(
      messagesOf(policyText("  podSelector: {matchLabels: {a: ~}}\n  ingress: [{ports: [{port: 80.0}]}]\n  egress: ~")),
    ).toEqual([]);
  });

  it("are reported beside what else is wrong", () => {
    expect(messagesOf(policyText("  egress: [{to: [{ipBlock: {cidr: x, except: [1]}}]}]"))).toEqual([
      "spec.egress[0].to[0].ipBlock.except[0]: Invalid value: 1: must be text, not a number",
      expect.stringContaining('cidr: Invalid value: "x"'),
    ]);
    expect(messagesOf(policyText("  {}").replace("name: web", "name: 1"))).toEqual([
      "metadata.name: Invalid value: 1: must be text, not a number",
    ]);
  });

  it("are shown where they are written", () => {
    expect(placesOf(policyText("  podSelector:\n    matchLabels:\n      a: yes"))).toEqual(["PW1012 8:10"]);
  });
});
