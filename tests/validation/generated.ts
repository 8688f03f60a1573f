import { type PolicyKind, policyVersions } from "../../packages/engine/src/api/policy-kind.ts";
import type { Manifest } from "./manifest.ts";
import { type Json, mutate, pick, randomFrom } from "./mutate.ts";

/** As many policies as asked for, made bad (or not) at random: always the same ones for the same seed. */
export function generatedManifests(seed: number, count: number): readonly Manifest[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, index) => {
    const kind = pick(random, kinds);
    const spec = goodSpecs[kind]();
    const steps = pick(random, [1, 1, 2, 3]);
    for (let step = 0; step < steps; step++) mutate(random, spec, kind === "NetworkPolicy" ? policyValues : tierValues);
    const object = { apiVersion: policyVersions[kind], kind, metadata: { name: "default" }, spec };
    const format = pick(random, ["yaml", "json"] as const);
    const text = format === "json" ? JSON.stringify(object) : blockText(object, 0);
    return { name: `generated ${seed}-${index}`, kind, text, format };
  });
}

const kinds: readonly PolicyKind[] = [
  ...(["NetworkPolicy", "NetworkPolicy", "NetworkPolicy"] as const),
  ...(["ClusterNetworkPolicy", "ClusterNetworkPolicy", "AdminNetworkPolicy", "BaselineAdminNetworkPolicy"] as const),
];

const goodSpecs: Readonly<Record<PolicyKind, () => Json>> = {
  NetworkPolicy: networkPolicySpec,
  ClusterNetworkPolicy: () => ({ tier: "Admin", ...tierSpec("protocols", "Pass", tierProtocols()), priority: 5 }),
  AdminNetworkPolicy: () => ({ ...tierSpec("ports", "Pass", tierPorts()), priority: 5 }),
  BaselineAdminNetworkPolicy: () => tierSpec("ports", "Deny", tierPorts()),
};

const labels = () => ({ matchLabels: { a: "b", "x.y/c": "" } });
const expressions = () => ({
  matchExpressions: [
    { key: "a", operator: "In", values: ["b", "c"] },
    { key: "d", operator: "Exists" },
  ],
});

function networkPolicySpec(): Json {
  const ports = () => [{ port: 80 }, { protocol: "UDP", port: 1, endPort: 9 }, { port: "web" }, { protocol: "SCTP" }];
  const peers = () => [
    { podSelector: labels() },
    { namespaceSelector: expressions(), podSelector: {} },
    { ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16", "10.2.0.0/16"] } },
    { ipBlock: { cidr: "fd00::/8" } },
  ];
  return {
    podSelector: labels(),
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ ports: ports(), from: peers() }],
    egress: [{ to: peers() }, { ports: ports() }],
  };
}

function tierSpec(portsKey: string, action: string, ports: Json): { [key: string]: Json } {
  const domains = portsKey === "protocols" ? [{ domainNames: ["a.b"] }] : [];
  const from = [{ pods: { namespaceSelector: {}, podSelector: labels() } }, { namespaces: expressions() }];
  return {
    subject: { namespaces: labels() },
    ingress: [{ name: "x", action: "Deny", from, [portsKey]: ports }],
    egress: [
      {
        action: domains.length > 0 ? "Accept" : action,
        to: [{ networks: ["10.0.0.0/8", "fd00::/8"] }, { nodes: {} }, ...domains],
      },
      { action: "Deny", to: [{ namespaces: {} }], [portsKey]: structuredClone(ports) },
    ],
  };
}

const tierProtocols = (): Json => [
  { tcp: { destinationPort: { number: 80 } } },
  { udp: { destinationPort: { range: { start: 1, end: 9 } } } },
  { destinationNamedPort: "w" },
];

const tierPorts = (): Json => [
  { portNumber: { port: 80, protocol: "TCP" } },
  { portRange: { start: 1, end: 9, protocol: "UDP" } },
  { namedPort: "w" },
];

const anyValues: readonly Json[] = [
  null,
  {},
  [],
  "",
  "x",
  0,
  -1,
  70000,
  1.5,
  true,
  ["a", "a"],
  [null],
  { a: "b" },
  [{}],
  "80",
];
const tierValues: readonly Json[] = [...anyValues, "10.0.0.1/8", "Admin", "Deny", "tcp", 5_000_000_000];
const policyValues: readonly Json[] = [
  ...anyValues,
  "X y",
  "10.0.0.1/8",
  "010.0.0.0/8",
  "::ffff:1.2.3.0/120",
  "FD00::/8",
  "10.0.0.0/8",
  "Ingress",
  "tcp",
  "Exists",
  "-a-",
  "a--b",
  "aaaaaaaaaaaaaaaaa",
  "a/b/c",
  "/a",
  "A/b",
  5e9,
];

/** YAML in block style, with all texts in quotes. */
function blockText(value: Json, depth: number): string {
  const indent = "  ".repeat(depth);
  if (value === null || typeof value !== "object") return ` ${JSON.stringify(value)}\n`;
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return isList ? " []\n" : " {}\n";
  const lines = entries.map(([key, child]) => `${indent}${isList ? "-" : `${key}:`}${blockText(child, depth + 1)}`);
  return `${depth === 0 ? "" : "\n"}${lines.join("")}`;
}
