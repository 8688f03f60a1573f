import { madeBy, roleLabel } from "./labels.ts";

/** Addresses of pods by their roles: those that policies name. */
export type Addresses = ReadonlyMap<string, readonly string[]>;

/** The policies that are tried, all at once: each selects pods of one row. */
export function doctorPolicies(namespace: string, addresses: Addresses): readonly object[] {
  const blocksOf = (role: string) => (addresses.get(role) ?? []).map(hostCidr);
  const everywhere = blocksOf("ranged")[0]?.includes(":") === true ? "::/0" : "0.0.0.0/0";
  const policy = (role: string, spec: object): object => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: role, namespace, labels: madeBy },
    spec: { podSelector: selector(role), ...spec },
  });
  const ingress = (role: string, ...rules: readonly object[]) =>
    policy(role, { policyTypes: ["Ingress"], ingress: rules });
  const egress = (role: string, ...rules: readonly object[]) =>
    policy(role, { policyTypes: ["Egress"], egress: rules });
  return [
    ingress("guarded", { from: [{ podSelector: selector("friend") }] }),
    ingress("closed"),
    egress("caged", {
      to: [{ podSelector: selector("free") }],
      ports: [{ protocol: "TCP", port: 8080 }],
    }),
    ingress("udp", { ports: [{ protocol: "UDP", port: 9053 }] }),
    ingress("ranged", { ports: [{ protocol: "TCP", port: 8080, endPort: 8082 }] }),
    ingress("named-8080", { ports: [{ protocol: "TCP", port: "web" }] }),
    ingress("named-8081", { ports: [{ protocol: "TCP", port: "web" }] }),
    ingress("by-block", { from: blocksOf("friend").map((cidr) => ({ ipBlock: { cidr } })) }),
    egress("blocked", { to: [{ ipBlock: { cidr: everywhere, except: blocksOf("ranged") } }] }),
    ingress("sctp-only", { ports: [{ protocol: "SCTP", port: 8080 }] }),
    ingress("sctp", { ports: [{ protocol: "SCTP", port: 9000 }] }),
    ingress("live-server"),
    egress("racer"),
  ];
}

function selector(role: string): object {
  return { matchLabels: { [roleLabel]: role } };
}

function hostCidr(address: string): string {
  return address.includes(":") ? `${address}/128` : `${address}/32`;
}
