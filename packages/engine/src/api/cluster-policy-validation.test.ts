import { describe, expect, it } from "vitest";
import type { ClusterPolicyKind } from "../model/cluster-policy.ts";
import { clusterPolicyText, messagesOf, placesOf, readText } from "./testing.ts";

// The messages were compared with those of kube-apiserver 1.35 and the CustomResourceDefinitions.

const head = "tier: Admin, priority: 1, subject: {namespaces: {}}";
const times = (count: number, item: string): string => `[${Array.from({ length: count }, () => item).join(", ")}]`;

/** What is said of a ClusterNetworkPolicy that has these fields beside good ones. */
function ofSpec(fields: string): readonly string[] {
  return messagesOf(clusterPolicyText(`{${head}, ${fields}}`));
}

/** What is said of the first ingress rule, and egress rule, of a ClusterNetworkPolicy; the path is left out. */
function ofIngress(rule: string): readonly string[] {
  return ofSpec(`ingress: [${rule}]`).map((message) => message.replaceAll("spec.ingress[0].", ""));
}

function ofEgress(rule: string): readonly string[] {
  return ofSpec(`egress: [${rule}]`).map((message) => message.replaceAll("spec.egress[0].", ""));
}

describe("of a ClusterNetworkPolicy's spec the API server says", () => {
  it.each([
    ["~", ["spec: Required value"]],
    ["[]", ['spec: Invalid value: "array": spec in body must be of type object: "array"']],
    ["{}", ["spec.priority: Required value", "spec.subject: Required value", "spec.tier: Required value"]],
    [
      "{tier: ~, priority: ~, subject: ~}",
      ["spec.priority: Required value", "spec.subject: Required value", "spec.tier: Required value"],
    ],
    [
      "{tier: admin, priority: 1001, subject: {}}",
      [
        'spec.tier: Unsupported value: "admin": supported values: "Admin", "Baseline"',
        "spec.priority: Invalid value: 1001: spec.priority in body should be less than or equal to 1000",
        "spec.subject: Invalid value: 0: spec.subject in body should have at least 1 properties",
      ],
    ],
    [
      "{tier: 3, priority: -1, subject: {namespaces: {}, pods: {podSelector: {}}}}",
      [
        'spec.tier: Invalid value: "integer": spec.tier in body must be of type string: "integer"',
        'spec.tier: Unsupported value: 3: supported values: "Admin", "Baseline"',
        "spec.priority: Invalid value: -1: spec.priority in body should be greater than or equal to 0",
        "spec.subject: Too many: 2: must have at most 1 item",
      ],
    ],
    [
      '{tier: Admin, priority: "1", subject: x}',
      [
        'spec.priority: Invalid value: "string": spec.priority in body must be of type integer: "string"',
        'spec.subject: Invalid value: "string": spec.subject in body must be of type object: "string"',
      ],
    ],
    [
      "{tier: Admin, priority: 1.5, subject: {pods: {}}}",
      [
        'spec.priority: Invalid value: "number": spec.priority in body must be of type integer: "number"',
        "spec.subject.pods.podSelector: Required value",
      ],
    ],
    [
      "{tier: [b, {a: 1}], priority: 1, subject: {namespaces: {}}}",
      [
        'spec.tier: Invalid value: "array": spec.tier in body must be of type string: "array"',
        'spec.tier: Unsupported value: ["b",{"a":1}]: supported values: "Admin", "Baseline"',
      ],
    ],
    ["{tier: Admin, priority: 1.0, subject: {pods: {podSelector: {}}}, ingress: ~, egress: []}", []],
    [
      "{tier: Admin, priority: 0, subject: {namespaces: ~}}",
      ["spec.subject: Invalid value: 0: spec.subject in body should have at least 1 properties"],
    ],
  ])("%s", (spec, messages) => {
    expect(messagesOf(clusterPolicyText(spec))).toEqual(messages);
  });

  it.each([
    [
      `ingress: ${times(26, "{action: Deny, from: [{namespaces: {}}]}")}`,
      ["spec.ingress: Too many: 26: must have at most 25 items"],
    ],
    ["ingress: {}", ['spec.ingress: Invalid value: "object": spec.ingress in body must be of type array: "object"']],
    ["egress: [{}]", ["spec.egress[0].action: Required value", "spec.egress[0].to: Required value"]],
    ["egress: [~]", ['spec.egress[0]: Invalid value: "null": spec.egress[0] in body must be of type object: "null"']],
  ])("%s", (fields, messages) => {
    expect(ofSpec(fields)).toEqual(messages);
  });
});

describe("of a ClusterNetworkPolicy's selectors the API server says", () => {
  const at = "spec.subject.namespaces";
  it.each([
    [
      "{matchLabels: {a: 1}}",
      [`${at}.matchLabels.a: Invalid value: "integer": ${at}.matchLabels.a in body must be of type string: "integer"`],
    ],
    [
      "{matchLabels: [], matchExpressions: {}}",
      [
        `${at}.matchLabels: Invalid value: "array": ${at}.matchLabels in body must be of type object: "array"`,
        `${at}.matchExpressions: Invalid value: "object": ${at}.matchExpressions in body must be of type array: "object"`,
      ],
    ],
    [
      "{matchExpressions: [{}]}",
      [`${at}.matchExpressions[0].key: Required value`, `${at}.matchExpressions[0].operator: Required value`],
    ],
    [
      "{matchExpressions: [{key: a, operator: In, values: [~]}]}",
      [
        `${at}.matchExpressions[0].values[0]: Invalid value: "null": ${at}.matchExpressions[0].values[0] in body must be of type string: "null"`,
      ],
    ],
  ])("%s", (selector, messages) => {
    expect(messagesOf(clusterPolicyText(`{tier: Admin, priority: 1, subject: {namespaces: ${selector}}}`))).toEqual(
      messages,
    );
  });

  it("nothing of operators, keys and values, but podwall does", () => {
    const text = clusterPolicyText(
      "{tier: Admin, priority: 1, subject: {namespaces: {matchExpressions: [{key: a, operator: Gt}, {key: b, operator: In, values: ~}]}}}",
    );
    expect(messagesOf(text)).toEqual([
      `${at}.matchExpressions[0].operator: Invalid value: "Gt": not a valid selector operator`,
      `${at}.matchExpressions[1].values: Required value: must be specified when \`operator\` is 'In' or 'NotIn'`,
    ]);
  });
});

describe("of a ClusterNetworkPolicy's rules the API server says", () => {
  it.each([
    [
      "{action: deny, to: [{nodes: {}}]}",
      ['action: Unsupported value: "deny": supported values: "Accept", "Deny", "Pass"'],
    ],
    ["{action: Deny, to: []}", ["to: Invalid value: 0: to in body should have at least 1 items"]],
    [`{action: Deny, to: ${times(26, "{nodes: {}}")}}`, ["to: Too many: 26: must have at most 25 items"]],
    ["{action: Deny, to: [{}]}", ["to[0]: Invalid value: 0: to[0] in body should have at least 1 properties"]],
    ["{action: Deny, to: [~]}", ['to[0]: Invalid value: "null": to[0] in body must be of type object: "null"']],
    ["{action: Deny, to: [{nodes: {}, networks: [10.0.0.0/8]}]}", ["to[0]: Too many: 2: must have at most 1 item"]],
    ["{action: Deny, to: [{pods: {}}]}", ["to[0].pods.podSelector: Required value"]],
    [
      "{action: Deny, to: [{networks: []}]}",
      ["to[0].networks: Invalid value: 0: to[0].networks in body should have at least 1 items"],
    ],
    [
      "{action: Deny, to: [{networks: [10.0.0.0/8, 10.0.0.0/8, 10.0.0.0/8]}]}",
      ['to[0].networks[1]: Duplicate value: "10.0.0.0/8"'],
    ],
    [
      `{action: Deny, to: [{networks: ["${"1".repeat(44)}"]}]}`,
      ["to[0].networks[0]: Too long: may not be more than 43 bytes"],
    ],
    [
      "{action: Deny, to: [{domainNames: []}]}",
      ["to[0].domainNames: Invalid value: 0: to[0].domainNames in body should have at least 1 items"],
    ],
  ])("%s", (rule, messages) => {
    expect(ofEgress(rule)).toEqual(messages);
  });

  it.each([
    "010.0.0.0/8",
    "::ffff:10.0.0.0/104",
    "10.0.0.0/08",
    "10.0.0.0",
    "fe80::%eth0/64",
    "10.0.0.0/33",
    "10.0.0/8",
    "",
    "1.2.3.4/-1",
  ])("that %j is no network", (network) => {
    const [message, ...more] = ofEgress(`{action: Deny, to: [{networks: ["${network}"]}]}`);
    expect(message).toBe(`to[0].networks[0]: Invalid value: "${network}": Invalid CIDR format provided`);
    expect(more).toEqual([]);
  });

  it.each(["FD00::/8", "64:ff9b::0.0.0.0/96", "::/0", "0.0.0.0/0", "FD00:0001::/32"])("that %j is one", (network) => {
    expect(ofEgress(`{action: Deny, to: [{networks: ["${network}"]}]}`)).toEqual([]);
  });

  it.each(["com", "*", "a..b", "", "a^.com", "a.b*", "*.*.com"])("that %j is no domain name", (name) => {
    const pattern =
      "^(\\*\\.)?([a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\\.)+[a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\\.?$";
    expect(ofEgress(`{action: Accept, to: [{domainNames: ["${name}"]}]}`)).toEqual([
      `to[0].domainNames[0]: Invalid value: "${name}": to[0].domainNames[0] in body should match '${pattern}'`,
    ]);
  });

  it.each(["example.com", "*.example.com", "example.com.", "A_b.com"])("that %j is one", (name) => {
    expect(ofEgress(`{action: Accept, to: [{domainNames: ["${name}"]}]}`)).toEqual([]);
  });

  it("that a rule's name is too long, in characters", () => {
    const named = (name: string): string => `{name: "${name}", action: Deny, from: [{namespaces: {}}]}`;
    expect(ofIngress(named("é".repeat(100)))).toEqual([]);
    expect(ofIngress(named("é".repeat(101)))).toEqual(["name: Too long: may not be more than 100 bytes"]);
  });

  it("that sources are namespaces and pods alone", () => {
    const text = clusterPolicyText(`{${head}, ingress: [{action: Deny, from: [{networks: [10.0.0.0/8]}]}]}`);
    expect(messagesOf(text)).toEqual(['unknown field "spec.ingress[0].from[0].networks"']);
    expect(readText(text).diagnostics[0]?.help).toMatch(/`networks` belongs in an item of `to`/);
  });

  it("that ports have no names where there are no pods", () => {
    const rule =
      "spec.egress[0]: Invalid value: networks/nodes/domainNames peer cannot be set with namedPorts since there are no namedPorts for networks/nodes/domainNames";
    const egress = (peers: string): readonly string[] =>
      ofSpec(
        `egress: [{action: Accept, to: [${peers}], protocols: [{tcp: {destinationPort: {number: 1}}}, {destinationNamedPort: a}]}]`,
      );
    expect(egress("{namespaces: {}}")).toEqual([]);
    for (const place of ["networks: [10.0.0.0/8]", "nodes: {}", "domainNames: [a.b]"]) {
      expect(egress(`{namespaces: {}}, {${place}}`)).toEqual([rule]);
    }
  });
});

describe("of a ClusterNetworkPolicy's protocols the API server says", () => {
  const port = "protocols[0].tcp.destinationPort";
  it.each([
    ["[]", ["protocols: Invalid value: 0: protocols in body should have at least 1 items"]],
    ["~", []],
    ["[{}]", ["protocols[0]: Invalid value: 0: protocols[0] in body should have at least 1 properties"]],
    ["[{tcp: ~}]", ["protocols[0]: Invalid value: 0: protocols[0] in body should have at least 1 properties"]],
    [times(26, "{destinationNamedPort: a}"), ["protocols: Too many: 26: must have at most 25 items"]],
    ["[{tcp: {}}]", ["protocols[0].tcp: Invalid value: 0: protocols[0].tcp in body should have at least 1 properties"]],
    [
      "[{tcp: {destinationPort: {}}}]",
      [`${port}: Invalid value: 0: ${port} in body should have at least 1 properties`],
    ],
    [
      "[{tcp: {destinationPort: 80}}]",
      [`${port}: Invalid value: "integer": ${port} in body must be of type object: "integer"`],
    ],
    [
      "[{tcp: {destinationPort: {number: 0}}}]",
      [`${port}.number: Invalid value: 0: ${port}.number in body should be greater than or equal to 1`],
    ],
    [
      "[{tcp: {destinationPort: {number: 65536}}}]",
      [`${port}.number: Invalid value: 65536: ${port}.number in body should be less than or equal to 65535`],
    ],
    [
      "[{tcp: {destinationPort: {number: 80, range: {start: 1, end: 2}}}}]",
      [`${port}: Too many: 2: must have at most 1 item`],
    ],
    [
      "[{tcp: {destinationPort: {range: {}}}}]",
      [`${port}.range.end: Required value`, `${port}.range.start: Required value`],
    ],
    [
      "[{tcp: {destinationPort: {range: {start: 1, end: 1}}}}]",
      [`${port}.range: Invalid value: Start port must be less than End port`],
    ],
    [
      "[{tcp: {destinationPort: {range: {start: 80000, end: 0}}}}]",
      [
        `${port}.range.start: Invalid value: 80000: ${port}.range.start in body should be less than or equal to 65535`,
        `${port}.range.end: Invalid value: 0: ${port}.range.end in body should be greater than or equal to 1`,
        `${port}.range: Invalid value: Start port must be less than End port`,
      ],
    ],
    [
      "[{tcp: {destinationPort: {number: 80}}, udp: {destinationPort: {number: 80}}}]",
      ["protocols[0]: Too many: 2: must have at most 1 item"],
    ],
    [
      "[{destinationNamedPort: 80}]",
      [
        'protocols[0].destinationNamedPort: Invalid value: "integer": protocols[0].destinationNamedPort in body must be of type string: "integer"',
      ],
    ],
    ['[{destinationNamedPort: ""}]', []],
    ["[{TCP: {destinationPort: {number: 80}}}]", ['unknown field "protocols[0].TCP"']],
  ])("%s", (protocols, messages) => {
    expect(ofIngress(`{action: Deny, from: [{namespaces: {}}], protocols: ${protocols}}`)).toEqual(messages);
  });
});

describe("of the policies of v1alpha1 the API server says", () => {
  const admin = (kind: ClusterPolicyKind, spec: string): readonly string[] => messagesOf(clusterPolicyText(spec, kind));
  const rule = (ports: string): string =>
    `{priority: 1, subject: {namespaces: {}}, ingress: [{action: Allow, from: [{namespaces: {}}], ports: ${ports}}]}`;

  it("which fields must be given", () => {
    expect(admin("AdminNetworkPolicy", "{}")).toEqual([
      "spec.priority: Required value",
      "spec.subject: Required value",
    ]);
    expect(admin("BaselineAdminNetworkPolicy", "{}")).toEqual(["spec.subject: Required value"]);
    expect(admin("AdminNetworkPolicy", "{priority: 1, subject: {pods: {}}}")).toEqual([
      "spec.subject.pods.namespaceSelector: Required value",
      "spec.subject.pods.podSelector: Required value",
    ]);
  });

  it("which actions there are", () => {
    const action = (kind: ClusterPolicyKind, name: string): readonly string[] =>
      admin(
        kind,
        `{${kind === "AdminNetworkPolicy" ? "priority: 1, " : ""}subject: {namespaces: {}}, ingress: [{action: ${name}, from: [{namespaces: {}}]}]}`,
      );
    expect(action("AdminNetworkPolicy", "Accept")).toEqual([
      'spec.ingress[0].action: Unsupported value: "Accept": supported values: "Allow", "Deny", "Pass"',
    ]);
    expect(action("BaselineAdminNetworkPolicy", "Pass")).toEqual([
      'spec.ingress[0].action: Unsupported value: "Pass": supported values: "Allow", "Deny"',
    ]);
  });

  it.each([
    ["[{portNumber: {}}]", ["spec.ingress[0].ports[0].portNumber.port: Required value"]],
    [
      "[{portRange: {}}]",
      [
        "spec.ingress[0].ports[0].portRange.end: Required value",
        "spec.ingress[0].ports[0].portRange.start: Required value",
      ],
    ],
    ["[{portNumber: {port: 80}, namedPort: x}]", ["spec.ingress[0].ports[0]: Too many: 2: must have at most 1 item"]],
    [times(101, "{namedPort: a}"), ["spec.ingress[0].ports: Too many: 101: must have at most 100 items"]],
    [times(100, "{namedPort: a}"), []],
    ["[{portRange: {start: 5, end: 5, protocol: UDP}}]", []],
    // The API server takes these two.
    [
      "[{portNumber: {port: 80, protocol: tcp}}]",
      [
        'spec.ingress[0].ports[0].portNumber.protocol: Unsupported value: "tcp": supported values: "TCP", "UDP", "SCTP"',
      ],
    ],
    [
      "[{portRange: {start: 5, end: 1}}]",
      ["spec.ingress[0].ports[0].portRange.end: Invalid value: 1: must be greater than or equal to `start`"],
    ],
  ])("of ports %s", (ports, messages) => {
    expect(admin("AdminNetworkPolicy", rule(ports))).toEqual(messages);
  });

  it("that there is one baseline policy", () => {
    const text = clusterPolicyText("{subject: {namespaces: {}}}", "BaselineAdminNetworkPolicy");
    expect(messagesOf(text)).toEqual([]);
    expect(messagesOf(text.replace("name: default", "name: other"))).toEqual([
      'Invalid value: Only one baseline admin network policy with metadata.name="default" can be created in the cluster',
    ]);
    expect(placesOf(text.replace("name: default", "name: other"))).toEqual(["PW2026 4:9"]);
  });

  it("that a baseline policy has no domain names, and names the other peers without pods", () => {
    const egress = (peer: string): readonly string[] =>
      admin(
        "BaselineAdminNetworkPolicy",
        `{subject: {namespaces: {}}, egress: [{action: Deny, to: [{${peer}}], ports: [{namedPort: a}]}]}`,
      );
    expect(egress("domainNames: [a.b]")).toEqual(['unknown field "spec.egress[0].to[0].domainNames"']);
    expect(egress("nodes: {}")).toEqual([
      "spec.egress[0]: Invalid value: networks/nodes peer cannot be set with namedPorts since there are no namedPorts for networks/nodes",
    ]);
  });
});

describe("a cluster-wide policy", () => {
  it("is shown where it is wrong", () => {
    const text = clusterPolicyText(`
  tier: admin
  priority: 2000
  subject: {}
  ingress:
    - action: Deny
      from: [{namespaces: {}}]
      protocols:
        - tcp: {destinationPort: {range: {start: 2, end: 1}}}
  egress:
    - action: Allow
      to:
        - networks: [10.0.0.0/8, x, 10.0.0.0/8]
      protocols: [{destinationNamedPort: web}]`);
    expect(placesOf(text)).toEqual([
      "PW2016 6:9",
      "PW2017 7:13",
      "PW2020 8:12",
      "PW2021 13:42",
      "PW2016 15:15",
      "PW2010 17:34",
      "PW2024 17:37",
      "PW2022 18:42",
    ]);
  });

  it.each([
    [`{${head}, ingress: [{action: Allow, from: [{namespaces: {}}]}]}`, "write `Accept`"],
    [`{${head}, ingress: [{action: accept, from: [{namespaces: {}}]}]}`, "write `Accept`"],
    [`{${head}, ingress: [{action: Deny, from: [{namespaces: {}}], ports: []}]}`, "did you mean `protocols`?"],
    [`{${head}, egress: [{action: Deny, to: [{ipBlock: {}}]}]}`, "did you mean `networks`?"],
    [
      `{${head}, egress: [{action: Deny, to: [{podSelector: {}}]}]}`,
      "`podSelector` belongs in `pods`: check the indentation",
    ],
    [
      `{${head}, egress: [{action: Deny, from: []}]}`,
      "`from` belongs in `ingress`; here it is `to`: check the indentation",
    ],
    [
      `{tier: Admin, priority: 1, subject: {namespaces: {app: web}}}`,
      "`app` belongs in `matchLabels`: check the indentation",
    ],
    [`{tier: Admin, priority: "1", subject: {namespaces: {}}}`, "take the quotes away: 1"],
    [`{${head}, ingress: [{action: Deny, from: [~]}]}`, "remove the empty item"],
  ])("is mended as its help says: %s", (spec, help) => {
    expect(readText(clusterPolicyText(spec)).diagnostics[0]?.help).toBe(help);
  });

  it("may have a status, which is not looked at", () => {
    expect(messagesOf(`${clusterPolicyText(`{${head}}`)}status: {conditions: 1}\n`)).toEqual([]);
    expect(messagesOf(`${clusterPolicyText(`{${head}}`)}foo: {}\n`)).toEqual(['unknown field "foo"']);
  });

  it("warns of what the API server takes without a word", () => {
    const warnings = (text: string): readonly (string | undefined)[] =>
      readText(text).diagnostics.map(({ code, severity, message, help }) =>
        [code, severity, message, help].join(" | "),
      );
    expect(warnings(clusterPolicyText(`{${head}, egress: [{action: Deny, to: [{networks: [10.1.2.3/8]}]}]}`))).toEqual([
      'PW2028 | warning | spec.egress[0].to[0].networks[0]: CIDR value "10.1.2.3/8" is ambiguous in this context (should be "10.0.0.0/8" or "10.1.2.3/32"?) | it is read as 10.0.0.0/8: write that, or 10.1.2.3/32 for the one address',
    ]);
    expect(warnings(clusterPolicyText(`{${head}, egress: [{action: Pass, to: [{domainNames: [a.b]}]}]}`))).toEqual([
      "PW2027 | warning | spec.egress[0].to[0].domainNames: domain names are for Accept rules alone; in a Pass rule they match every address | deny with `networks` or `namespaces`, and accept the names in a rule before",
    ]);
    expect(
      warnings(clusterPolicyText("{tier: Admin, priority: 1, subject: {namespaces: {matchLabels: {a: ~}}}}")),
    ).toEqual([
      'PW2029 | warning | spec.subject.namespaces.matchLabels.a: a label without a value is dropped, so that the selector does not ask for it | for the empty value write `a: ""`',
    ]);
    expect(warnings(clusterPolicyText(`{${head}}`).replace("name: default", "name: p\n  namespace: shop"))).toEqual([
      "PW2030 | warning | metadata.namespace: a ClusterNetworkPolicy is of the whole cluster, its namespace is dropped | remove it; which namespaces are subject is said in `spec.subject`",
    ]);
  });

  it("and refuses a namespace that is no text, although it is dropped", () => {
    expect(messagesOf(clusterPolicyText(`{${head}}`).replace("name: default", "name: p\n  namespace: 1"))).toEqual([
      "metadata.namespace: Invalid value: 1: must be text, not a number",
    ]);
  });
});
