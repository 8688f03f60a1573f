import { type Manifest, ofSpec } from "../manifest.ts";
import { long } from "./repeated.ts";

const peers = (text: string): string => `{ingress: [{from: [${text}]}]}`;
const block = (text: string): string => peers(`{ipBlock: ${text}}`);
const ports = (text: string): string => `{ingress: [{ports: [${text}]}]}`;
const selector = (text: string): string => `{podSelector: ${text}}`;

const specs: readonly string[] = [
  // What a policy may leave out, and what is filled in.
  "{}",
  "~",
  "{podSelector: ~}",
  "{podSelector: {}}",
  "{policyTypes: ~}",
  "{policyTypes: []}",
  "{ingress: ~, egress: ~}",
  "{ingress: [], egress: []}",
  "{ingress: [~], egress: [~]}",
  "{ingress: [{}]}",
  "{ingress: [{from: ~, ports: ~}]}",
  "{ingress: [{from: [], ports: []}]}",
  "{egress: [{to: ~}]}",
  "{policyTypes: [Ingress]}",
  "{policyTypes: [Ingress, Egress]}",
  "{policyTypes: [Egress, Egress]}",
  "{policyTypes: [Ingress, Egress, Ingress]}",
  "{policyTypes: [ingress]}",
  "{policyTypes: ['']}",
  "{policyTypes: [~]}",
  "{policyTypes: [Both, Egress, x]}",
  "{policyTypes: [Ingress], egress: [{to: [{}]}]}",
  // The wrong shape of each part.
  "[]",
  "x",
  "{podSelector: []}",
  "{podSelector: x}",
  "{policyTypes: Ingress}",
  "{policyTypes: {Ingress: true}}",
  "{policyTypes: [1]}",
  "{policyTypes: [[Ingress]]}",
  "{ingress: {}}",
  "{ingress: {from: []}}",
  "{egress: x}",
  "{ingress: [x]}",
  "{ingress: [[]]}",
  "{ingress: [{from: {}}]}",
  "{ingress: [{ports: {port: 80}}]}",
  peers("[]"),
  peers("x"),
  peers("{podSelector: []}"),
  peers("{ipBlock: 10.0.0.0/8}"),
  block("[]"),
  block("{cidr: 1}"),
  block("{cidr: [10.0.0.0/8]}"),
  block("{cidr: 10.0.0.0/8, except: 10.1.0.0/16}"),
  block("{cidr: 10.0.0.0/8, except: [1]}"),
  ports("80"),
  ports("[]"),
  ports("{port: []}"),
  ports("{port: {}}"),
  ports("{protocol: 6}"),
  ports("{protocol: []}"),
  ports("{port: 80, endPort: '90'}"),
  // Unknown fields at every level, misplaced ones and ones in another case.
  "{foo: 1}",
  "{foo: ~}",
  "{PodSelector: {}}",
  "{podselector: {}}",
  "{Ingress: []}",
  "{policytypes: []}",
  "{from: []}",
  "{matchLabels: {a: b}}",
  "{podSelector: {app: web}}",
  "{podSelector: {MatchLabels: {a: b}}}",
  "{ingress: [{to: []}]}",
  "{egress: [{from: []}]}",
  "{ingress: [{podSelector: {}}]}",
  "{ingress: [{port: 80}]}",
  "{ingress: [{From: [], Ports: []}]}",
  peers("{matchLabels: {a: b}}"),
  peers("{podselector: {}}"),
  peers("{podSelector: {}, namespace: x}"),
  block("{cidr: 10.0.0.0/8, excepts: []}"),
  block("{CIDR: 10.0.0.0/8}"),
  ports("{Port: 80}"),
  ports("{port: 80, endport: 90}"),
  ports("{number: 80}"),
  "{foo: {bar: 1}, baz: [2]}",
  "{podSelector: {matchExpressions: [{key: a, operator: Exists, Values: []}]}}",
  "{a: 1, b: 2, c: 3}",
  "{ingress: [{a: 1}, {b: 2}], egress: [{c: 3}]}",
  "{egress: [{c: 3}], ingress: [{b: 2, a: 1}], aa: 1}",
  // Peers.
  peers("{}"),
  peers("~"),
  peers("{podSelector: ~}"),
  peers("{podSelector: ~, namespaceSelector: ~, ipBlock: ~}"),
  peers("{podSelector: {}}"),
  peers("{namespaceSelector: {}}"),
  peers("{podSelector: {}, namespaceSelector: {}}"),
  peers("{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}"),
  peers("{ipBlock: {}, namespaceSelector: {}}"),

  peers("{}, ~, {podSelector: {}}, {}"),
  "{egress: [{to: [{ipBlock: {cidr: x}, podSelector: {matchLabels: {-a: b}}}]}]}",
  // Blocks of addresses.
  block("{}"),
  block("~"),
  block("{cidr: ~}"),
  block("{cidr: ''}"),
  block("{cidr: '', except: [x]}"),
  ...["10.0.0.0/8", "0.0.0.0/0", "::/0", "10.0.0.1/32", "fd00::/8", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "/8"].map(
    cidr,
  ),
  ...["10.0.0.0/", "10.0.0/8", "10.0.0.0.0/8", "256.0.0.0/8", "x", " 10.0.0.0/8", "10.0.0.0/8 ", "10.0.0.0/+8"].map(
    cidr,
  ),
  ...["10.0.0.1/8", "010.0.0.0/8", "10.0.0.0/08", "10.0.0.00/8", "08.0.0.0/8", "0010.0.0.0/8", "10.0.0.0/008"].map(
    cidr,
  ),
  ...["::ffff:10.0.0.0/104", "::ffff:1.2.3.4/128", "::ffff:0:0/96", "::ffff:1.2.3.4/95", "::1.2.3.4/128"].map(cidr),
  ...["FD00::/8", "fd00:0:0::/16", "FD00:1::/32", "0:0:0:0:0:0:0:0/0", "1:2:0:0:3:0:0:0/80"].map(cidr),
  ...["64:ff9b::1.2.3.4/128", "1:2:3:4:5:6:7::/112", "::2:3:4:5:6:7:8/128", "1::2::3/8", ":::/8", "fe80::%eth0/64"].map(
    cidr,
  ),
  ...["1:2:3:4:5:6:7:8:9/8", "fd00::1/8", "fd00::/129", "fd00::/008", "12345::/16", "1:2:3:4:5:6:7:8/128"].map(cidr),
  ...["10.0.0.0/8/8", "10.0.0.0/8.0", "0x0a.0.0.0/8", "10.0.0.0/٨", "10.0.0.0/99999999999999999999", "::/00"].map(cidr),
  ...["[10.1.0.0/16]", "[]", "~", "[~]", "['']", "[x]", "[10.0.0.0/8]", "[10.0.0.0/7]", "[11.0.0.0/16]"].map(except),
  ...["['fd00::/16']", "[10.1.0.1/16]", "[010.1.0.0/16]", "['::ffff:10.1.0.0/112']", "[10.1.0.0]"].map(except),
  ...["[10.1.0.0/16, 10.1.0.0/16]", "[10.1.0.0/16, x, 10.0.0.0/8, 10.2.0.0/33]"].map(except),
  block("{cidr: 'fd00::/8', except: ['FD01::/16', 'fd00::/8', 'fe00::/16']}"),
  block("{cidr: x, except: [x]}"),
  block("{cidr: 10.0.0.1/8, except: [10.0.0.0/8, 10.0.0.1/32]}"),
  block("{cidr: '::/0', except: [10.0.0.0/8]}"),
  block("{cidr: '::ffff:10.0.0.0/104', except: [10.1.0.0/16]}"),
  // Ports.
  ports("{}"),
  ports("~"),
  ports("{port: ~, protocol: ~, endPort: ~}"),
  ports("{port: 80}"),
  ports("{port: 0}"),

  ports("{port: 1}"),
  ports("{port: 65535}"),
  ports("{port: 65536}"),
  ports("{port: -1}"),
  ports("{port: 2147483647}"),
  ports("{port: 2147483648}"),
  ports("{port: -2147483649}"),
  ports("{port: 80.5}"),
  ports("{port: true}"),
  ...["TCP", "UDP", "SCTP", "tcp", "ICMP", "''", "TCP ", "ANY"].map((text) => ports(`{protocol: ${text}}`)),
  ports("{port: 80, endPort: 90}"),
  ports("{port: 80, endPort: 80}"),
  ports("{port: 90, endPort: 80}"),
  ports("{port: 80, endPort: 0}"),
  ports("{port: 80, endPort: 65536}"),
  ports("{port: 70000, endPort: 80}"),
  ports("{endPort: 90}"),
  ports("{port: web, endPort: 90}"),
  ports("{port: '80', endPort: 90}"),
  ports("{port: 80, endPort: 2147483648}"),
  ports("{port: 80, endPort: 90.5}"),
  ports("{port: 0, endPort: 0}"),
  ports("{protocol: x, port: 0, endPort: -1}, {protocol: '', port: Web}, {port: 5, endPort: 4}"),
  ...[
    "web",
    "'80'",
    "''",
    "a-b",
    "a--b",
    "-a",
    "a-",
    "A",
    "a_b",
    "aaaaaaaaaaaaaaa",
    "aaaaaaaaaaaaaaaa",
    "--",
    "1-1",
  ].map(named),
  ...["'é'", "'a b'", "éééééééé", "'---------------------'", "'5'", "a.b"].map(named),
  // Selectors.
  selector("{matchLabels: ~, matchExpressions: ~}"),
  selector("{matchLabels: {}, matchExpressions: []}"),
  selector("{matchLabels: {a: ~}}"),
  selector("{matchLabels: {a: ''}}"),
  selector("{matchLabels: []}"),
  selector("{matchLabels: {a: [b]}}"),
  selector("{matchLabels: {a: {b: c}}}"),
  selector("{matchLabels: a=b}"),
  selector("{matchLabels: {'': b}}"),
  selector("{matchLabels: {a/: b}}"),
  selector("{matchLabels: {/a: b}}"),

  selector("{matchLabels: {a/b/c: d}}"),
  selector("{matchLabels: {A.b/c: d}}"),
  selector("{matchLabels: {a_b/c: d}}"),

  selector("{matchLabels: {-a: -b}}"),
  selector("{matchLabels: {a: 'b c', 'c d': e}}"),
  selector("{matchLabels: {a: '*'}}"),
  selector(`{matchLabels: {${long(64)}: b}}`),
  selector(`{matchLabels: {a: ${long(64)}}}`),
  selector(`{matchLabels: {${long(254)}/a: b}}`),
  selector(`{matchLabels: {a: ${long(63)}-}}`),
  selector("{matchLabels: {z: '-', a: '-', m: '-'}}"),
  selector("{matchLabels: {a: é}}"),
  ...["{}", "~", "{key: a}", "{operator: In}", "{key: a, operator: In}", "{key: a, operator: In, values: []}"].map(
    expression,
  ),
  ...["{key: a, operator: In, values: [b]}", "{key: a, operator: NotIn, values: [b, b]}"].map(expression),
  ...[
    "{key: a, operator: NotIn, values: ~}",
    "{key: a, operator: Exists}",
    "{key: a, operator: Exists, values: []}",
  ].map(expression),
  ...["{key: a, operator: Exists, values: [b]}", "{key: a, operator: DoesNotExist, values: [b]}"].map(expression),
  ...["{key: a, operator: in, values: [b]}", "{key: a, operator: Gt, values: ['1']}", "{key: a, operator: ''}"].map(
    expression,
  ),
  ...["{key: a b, operator: In, values: ['c d', ok, '-']}", "{key: '', operator: In, values: [~]}"].map(expression),
  ...["{key: 1, operator: In, values: [a]}", "{key: a, operator: In, values: [1]}"].map(expression),
  ...["{key: a, operator: In, values: b}", "{key: [a], operator: Exists}", "x", "[]"].map(expression),
  ...["{key: a/b/c, operator: Foo, values: ['-']}", `{key: a, operator: In, values: [${long(64)}, '']}`].map(
    expression,
  ),
  // Several at once, for their order.
  "{policyTypes: [x], egress: [{to: [{}], ports: [{port: 0}]}], ingress: [{from: [{}], ports: [{protocol: x}]}], podSelector: {matchLabels: {-: x}}}",
  "{ingress: [{from: [{podSelector: {matchLabels: {-: x}}, namespaceSelector: {matchExpressions: [{}]}, ipBlock: {cidr: x}}]}]}",
  "{ingress: [{from: [{}], ports: [{port: 0, protocol: x, endPort: -5}]}, {from: [{ipBlock: {cidr: ''}}]}]}",
];

function cidr(text: string): string {
  return block(`{cidr: '${text}'}`);
}

function except(list: string): string {
  return block(`{cidr: 10.0.0.0/8, except: ${list}}`);
}

function named(name: string): string {
  return ports(`{port: ${name}}`);
}

function expression(text: string): string {
  return selector(`{matchExpressions: [${text}]}`);
}

/** NetworkPolicies, good and bad, each about one rule of the API or a few. */
export const networkPolicies: readonly Manifest[] = specs.map((spec) => ofSpec("NetworkPolicy", spec));
