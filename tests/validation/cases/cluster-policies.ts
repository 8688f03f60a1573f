import { type Manifest, ofSpec } from "../manifest.ts";
import { long, numbered, times } from "./repeated.ts";

const head = "tier: Admin, priority: 1, subject: {namespaces: {}}";
const egress = (rule: string): string => `{${head}, egress: [${rule}]}`;
const ingress = (rule: string): string => `{${head}, ingress: [${rule}]}`;
const to = (peers: string): string => egress(`{action: Deny, to: [${peers}]}`);
const accept = (peers: string): string => egress(`{action: Accept, to: [${peers}]}`);
const networks = (list: string): string => to(`{networks: ${list}}`);
const protocols = (list: string): string => ingress(`{action: Deny, from: [{namespaces: {}}], protocols: ${list}}`);
const subject = (text: string): string => `{tier: Admin, priority: 1, subject: ${text}}`;

const specs: readonly string[] = [
  "{}",
  "~",
  "[]",
  "x",
  `{${head}}`,
  `{${head}, foo: 1}`,
  `{${head}, Ingress: []}`,
  "{Tier: Admin, priority: 1, subject: {namespaces: {}}}",

  "{tier: admin, priority: 1001, subject: {}}",
  "{tier: ~, priority: ~, subject: ~}",
  "{tier: '', priority: 0, subject: {foo: {}}}",

  "{tier: 3, priority: -1, subject: {namespaces: {}, pods: {podSelector: {}}}}",
  "{tier: Admin, priority: '1', subject: x}",

  "{tier: Admin, priority: 1.5, subject: []}",
  "{tier: Baseline, priority: 1.0, subject: {pods: {}}}",
  "{tier: [], priority: [], subject: 1}",

  "{tier: Admin, priority: 5000000000, subject: {namespaces: {}}}",
  "{tier: Admin, priority: true, subject: {pods: {podSelector: ~}}}",
  ...["0", "1000", "1001", "-1", "1e3", "9223372036854775808"].map(
    (text) => `{tier: Admin, priority: ${text}, subject: {namespaces: {}}}`,
  ),
  ...["{namespaces: ~}", "{namespaces: {matchLabels: {a: ~}}}", "{namespaces: {matchLabels: {a: 1, b: true}}}"].map(
    subject,
  ),
  ...["{namespaces: {matchLabels: {-a: '*'}}}", "{namespaces: {matchLabels: [], matchExpressions: {}}}"].map(subject),
  ...["{namespaces: {matchExpressions: [{key: a, operator: Foo}]}}", "{namespaces: {matchExpressions: [{}]}}"].map(
    subject,
  ),
  ...[
    "{namespaces: {matchExpressions: [{key: 1, operator: In, values: [1, ~]}]}}",
    "{namespaces: {matchExpressions: [~]}}",
  ].map(subject),
  ...["{namespaces: {matchExpressions: [{key: a, operator: In}]}}", "{namespaces: {app: x}}", "{namespaces: []}"].map(
    subject,
  ),
  ...["{namespaces: {matchExpressions: [{key: a, operator: In, values: ~}]}}", "{pods: {namespaceSelector: {}}}"].map(
    subject,
  ),
  ...[
    "{namespaces: {matchExpressions: [{key: a, operator: ~}]}}",
    "{pods: {podSelector: {}, foo: {}}}",
    "{Namespaces: {}}",
  ].map(subject),
  ...["{namespaces: {}, pods: ~}", "{pods: {namespaceSelector: ~, podSelector: {}}}", "{pods: []}", "{nodes: {}}"].map(
    subject,
  ),

  `{${head}, ingress: ~, egress: []}`,
  `{${head}, ingress: [~], egress: [{}]}`,
  `{${head}, ingress: {}, egress: [a, 1]}`,
  ...[25, 26].map((count) => ingress(times(count, "{action: Deny, from: [{namespaces: {}}]}"))),
  ...["deny", "Allow", "''", "~", "1", "[]", "{}", "Pass", "Accept"].map((action) =>
    egress(`{action: ${action}, to: [{namespaces: {}}]}`),
  ),
  ...["[]", "~", "{}", "x", "[~]", "[{}]", "[x]", "[[]]"].map((peers) => egress(`{action: Deny, to: ${peers}}`)),
  ...["[]", "~", "{}", "[~]", "[{}]", "[{networks: [10.0.0.0/8]}]", "[{nodes: {}}]", "[{pods: {}}]"].map((peers) =>
    ingress(`{action: Deny, from: ${peers}}`),
  ),

  egress("{}"),
  egress("~"),
  egress("{action: Deny}"),
  egress("{to: [{namespaces: {}}]}"),
  egress("{action: Deny, from: [{namespaces: {}}]}"),
  ...["a", "''", long(100), long(101), "1", "~", "é"].map((name) =>
    egress(`{name: ${name}, action: Deny, to: [{namespaces: {}}]}`),
  ),

  to(times(25, "{namespaces: {}}")),
  to(times(26, "{namespaces: {}}")),
  to("{namespaces: {}, networks: [10.0.0.0/8]}"),

  to("{namespaces: ~}"),
  to("{pods: ~, nodes: {}}"),
  to("{pods: {podSelector: {}}}"),
  to("{namespace: {}}"),
  to("{ipBlock: {}}"),

  to("{nodes: {}}"),
  to("{nodes: {matchLabels: {a: b}}}"),
  to("{nodes: {matchExpressions: [{key: a, operator: In, values: [b]}]}}"),
  ...[
    "[]",
    "~",
    "{}",
    "10.0.0.0/8",
    "[~]",
    "[1]",
    "['']",
    "[x]",
    "[10.0.0.0/8, 10.0.0.0/8]",
    "[x, x, x, '', ~, 1]",
  ].map(networks),
  ...[
    "10.0.0.0/8",
    "10.0.0.1/8",
    "010.0.0.0/8",
    "::ffff:10.0.0.0/104",
    "10.0.0.0/08",
    "10.0.0.0",
    "FD00::/8",
    "fd00::1/8",
  ].map((text) => networks(`['${text}']`)),
  ...[
    "fe80::%eth0/64",
    "::ffff:1:1/120",
    "10.0.0.0/33",
    "10.0.0/8",
    " 10.0.0.0/8",
    "10.0.0.0/+8",
    "64:ff9b::1.2.3.4/96",
  ].map((text) => networks(`['${text}']`)),
  ...[
    "1:2:3:4:5:6:7:8/128",
    "::/0",
    "FD00:0001::/32",
    "fd00:00001::/32",
    "1.2.3.4/",
    "/8",
    "::1.2.3.4/128",
    "1::2::3/8",
  ].map((text) => networks(`['${text}']`)),
  ...[
    "0.0.0.0/0",
    "0.0.0.0/00",
    "1.2.3.4/32 ",
    "1.2.3.4/-1",
    "1:2:3:4:5:6:7::/112",
    ":1::/8",
    "1".repeat(43),
    "1".repeat(44),
  ].map((text) => networks(`['${text}']`)),
  ...[25, 26].map((count) => networks(`[${numbered(count, (index) => `10.0.${index}.0/24`)}]`)),
  ...["[]", "~", "a.b", "[~]", "['']", "[a.b, a.b]", "[1]"].map((list) => accept(`{domainNames: ${list}}`)),
  ...[
    "example.com",
    "*.example.com",
    "example.com.",
    "com",
    "*",
    "a..b",
    "A.b",
    "*.com",
    "a.*.b",
    "-a.b",
    "a-.b",
    "a_b.c",
    "1.2.3.4",
  ].map((text) => accept(`{domainNames: ['${text}']}`)),
  ...[
    "é.com",
    `${long(63)}.com`,
    `${long(64)}.com`,
    `${`${long(60)}.`.repeat(4)}com`,
    `${`${long(60)}.`.repeat(5)}com`,
  ].map((text) => accept(`{domainNames: ['${text}']}`)),
  ...[25, 26].map((count) => accept(`{domainNames: [${numbered(count, (index) => `a${index}.b`)}]}`)),
  ...["Deny", "Pass"].map((action) => egress(`{action: ${action}, to: [{domainNames: [a.b]}]}`)),
  egress("{action: Deny, to: [{namespaces: {}}, {domainNames: [a.b]}]}"),
  ...[
    "[]",
    "~",
    "{}",
    "x",
    "[~]",
    "[{}]",
    "[{tcp: {}}]",
    "[{tcp: ~}]",
    "[{udp: {destinationPort: {}}}]",
    "[{sctp: {destinationPort: ~}}]",
  ].map(protocols),
  ...[
    "[{tcp: {destinationPort: {number: 80}}}]",
    "[{tcp: {destinationPort: {number: 0}}}]",
    "[{tcp: {destinationPort: {number: 65536}}}]",
  ].map(protocols),
  ...[
    "[{tcp: {destinationPort: {number: '80'}}}]",
    "[{tcp: {destinationPort: {number: 80.5}}}]",
    "[{tcp: {destinationPort: 80}}]",
  ].map(protocols),
  ...[
    "[{tcp: {destinationPort: {range: {start: 1, end: 2}}}}]",
    "[{tcp: {destinationPort: {range: {start: 2, end: 1}}}}]",
  ].map(protocols),
  ...[
    "[{tcp: {destinationPort: {range: {start: 2, end: 2}}}}]",
    "[{tcp: {destinationPort: {range: {start: 0, end: 65536}}}}]",
  ].map(protocols),
  ...[
    "[{tcp: {destinationPort: {range: {}}}}]",
    "[{tcp: {destinationPort: {range: {start: 1}}}}]",
    "[{tcp: {destinationPort: {range: x}}}]",
  ].map(protocols),
  ...[
    "[{tcp: {destinationPort: {number: 80, range: {start: 1, end: 2}}}}]",
    "[{tcp: {}, udp: {}}]",
    "[{TCP: {}}]",
    "[{icmp: {}}]",
  ].map(protocols),
  ...[
    "[{destinationNamedPort: web}]",
    "[{destinationNamedPort: ''}]",
    "[{destinationNamedPort: 1}]",
    "[{destinationNamedPort: web, tcp: {}}]",
  ].map(protocols),
  ...[
    `[{destinationNamedPort: ${long(15)}}]`,
    `[{destinationNamedPort: ${long(16)}}]`,
    "[{destinationNamedPort: a--b}]",
    "[{destinationNamedPort: A}]",
  ].map(protocols),
  ...[
    "[{port: 80}]",
    "[{portNumber: {port: 80}}]",
    "[{tcp: {port: 80}}]",
    "[{tcp: {destinationPort: {port: 80}}}]",
  ].map(protocols),
  ...[25, 26].map((count) =>
    protocols(`[${numbered(count, (index) => `{tcp: {destinationPort: {number: ${index + 1}}}}`)}]`),
  ),
  ...["networks: [10.0.0.0/8]", "nodes: {}", "namespaces: {}", "pods: {podSelector: {}}", "domainNames: [a.b]"].map(
    (peer) => egress(`{action: Accept, to: [{${peer}}], protocols: [{destinationNamedPort: web}]}`),
  ),
];

/** ClusterNetworkPolicies, good and bad, each about one rule of the API or a few. */
export const clusterPolicies: readonly Manifest[] = specs.map((spec) => ofSpec("ClusterNetworkPolicy", spec));
