import { type Manifest, ofSpec } from "../manifest.ts";
import { numbered, times } from "./repeated.ts";

const adminHead = "priority: 1, subject: {namespaces: {}}";
const adminPorts = (list: string): string =>
  `{${adminHead}, ingress: [{action: Deny, from: [{namespaces: {}}], ports: ${list}}]}`;

const adminSpecs: readonly string[] = [
  "{}",
  `{${adminHead}}`,
  `{tier: Admin, ${adminHead}}`,
  "{priority: 1001, subject: {pods: {podSelector: {}}}}",
  "{priority: 1, subject: {pods: {}}}",
  ...["Accept", "Allow", "Deny", "Pass", "allow", "''"].map(
    (action) => `{${adminHead}, ingress: [{action: ${action}, from: [{namespaces: {}}]}]}`,
  ),
  ...[
    "[{portNumber: {port: 80}}]",
    "[{portNumber: {port: 80, protocol: tcp}}]",
    "[{portNumber: {port: 80, protocol: ''}}]",
    "[{portNumber: {port: 80, protocol: ~}}]",
  ].map(adminPorts),
  ...[
    "[{portNumber: {port: 80, protocol: UDP}}]",
    "[{portNumber: {port: 0, protocol: TCP}}]",
    "[{portNumber: {}}]",
    "[{portNumber: {port: 65536, protocol: SCTP}}]",
  ].map(adminPorts),
  ...[
    "[{portRange: {start: 5, end: 1}}]",
    "[{portRange: {}}]",
    "[{portRange: {start: 5, end: 7, protocol: 6}}]",
    "[{portRange: {start: ~, end: 7, protocol: UDP}}]",
  ].map(adminPorts),
  ...[
    "[{namedPort: web}]",
    "[{portNumber: {port: 80, protocol: TCP}, namedPort: x}]",
    "[{}]",
    "[]",
    "~",
    "[~]",
    "[{namedPort: 1}]",
    "[{port: 80}]",
  ].map(adminPorts),
  ...[
    "networks: [10.0.0.0/8]",
    "nodes: {}",
    "pods: {namespaceSelector: {}, podSelector: {}}",
    "pods: {namespaceSelector: {}}",
  ].map((peer) => `{${adminHead}, egress: [{action: Deny, to: [{${peer}}], ports: [{namedPort: a}]}]}`),
  ...["[10.0.0.1/8]", "[x]", "[10.0.0.0/8, 10.0.0.0/8]", "['fd00::/8']", "[]", "[~]"].map(
    (list) => `{${adminHead}, egress: [{action: Deny, to: [{networks: ${list}}]}]}`,
  ),
  ...["Allow", "Deny", "Pass"].map(
    (action) => `{${adminHead}, egress: [{action: ${action}, to: [{domainNames: [a.b]}]}]}`,
  ),
  ...[100, 101].map(
    (count) => `{${adminHead}, ingress: [${times(count, "{action: Deny, from: [{namespaces: {}}]}")}]}`,
  ),
  ...[100, 101].map((count) =>
    adminPorts(`[${numbered(count, (index) => `{portNumber: {port: ${index + 1}, protocol: TCP}}`)}]`),
  ),
];

const baselineSpecs: readonly string[] = [
  "{}",
  "{subject: {namespaces: {}}}",
  "{subject: {namespaces: {}}, priority: 1}",
  "{subject: {pods: {namespaceSelector: {}, podSelector: {}}}}",
  ...["Allow", "Deny", "Pass", "Accept"].map(
    (action) => `{subject: {namespaces: {}}, ingress: [{action: ${action}, from: [{namespaces: {}}]}]}`,
  ),
  ...["domainNames: [a.b]", "networks: [10.0.0.0/8]", "nodes: {}", "namespaces: {}"].map(
    (peer) => `{subject: {namespaces: {}}, egress: [{action: Deny, to: [{${peer}}]}]}`,
  ),
  "{subject: {namespaces: {}}, egress: [{action: Deny, to: [{nodes: {}}], ports: [{namedPort: a}]}]}",
];

/** AdminNetworkPolicies and BaselineAdminNetworkPolicies, good and bad, each about one rule of the API or a few. */
export const adminPolicies: readonly Manifest[] = [
  ...adminSpecs.map((spec) => ofSpec("AdminNetworkPolicy", spec)),
  ...baselineSpecs.map((spec) => ofSpec("BaselineAdminNetworkPolicy", spec)),
];
