import { type DoctorTest, type Probe, ownNode } from "./doctor-test.ts";

const guide = "Kubernetes' guide to network policies";
const api = "networking.k8s.io/v1";

/** The rows of the table, in its order. */
export const doctorTests: readonly DoctorTest[] = [
  {
    id: "ingress",
    title: "ingress",
    says: "a pod that a policy selects for ingress is reached by what a rule allows, and by nothing else",
    reference: `${guide}, "The two sorts of pod isolation"`,
    probes: [tcp("friend", "guarded", 8080, "open"), tcp("stranger", "guarded", 8080, "denied")],
  },
  {
    id: "default-deny",
    title: "ingress without a rule",
    says: "a policy without rules lets nothing in",
    reference: `${guide}, "Default deny all ingress traffic"`,
    probes: [tcp("friend", "closed", 8080, "denied"), tcp("stranger", "closed", 8080, "denied")],
  },
  {
    id: "egress",
    title: "egress",
    says: "a pod that a policy selects for egress reaches what a rule allows, and nothing else",
    reference: `${guide}, "The two sorts of pod isolation"`,
    probes: [
      tcp("caged", "free", 8080, "open"),
      tcp("caged", "free", 8081, "denied"),
      tcp("caged", "ranged", 8080, "denied"),
    ],
  },
  {
    id: "udp",
    title: "UDP",
    says: "rules are for the protocol that they name",
    reference: `${api} NetworkPolicyPort.protocol`,
    probes: [
      probe("stranger", "udp", "udp", 9053, "open"),
      probe("stranger", "udp", "udp", 9054, "denied"),
      tcp("stranger", "udp", 8080, "denied"),
    ],
  },
  {
    id: "end-port",
    title: "endPort",
    says: "a rule with port and endPort allows all of them, both ends included, and no others",
    reference: `${api} NetworkPolicyPort.endPort`,
    probes: [
      tcp("stranger", "ranged", 8080, "open"),
      tcp("stranger", "ranged", 8081, "open"),
      tcp("stranger", "ranged", 8082, "open"),
      tcp("stranger", "ranged", 8083, "denied"),
    ],
  },
  {
    id: "named-port",
    title: "named ports",
    says: "a name of a port means, for each pod, the number that this pod gives it",
    reference: `${api} NetworkPolicyPort.port`,
    probes: [
      tcp("stranger", "named-8080", 8080, "open"),
      tcp("stranger", "named-8080", 8081, "denied"),
      tcp("stranger", "named-8081", 8081, "open"),
      tcp("stranger", "named-8081", 8080, "denied"),
    ],
  },
  {
    id: "ip-block-ingress",
    title: "ipBlock of pods, ingress",
    says: "an ipBlock matches the addresses of pods too: upstream's tests require it",
    reference: `${api} IPBlock; Kubernetes' end-to-end tests of NetworkPolicy, "IPBlock"`,
    probes: [tcp("friend", "by-block", 8080, "open"), tcp("stranger", "by-block", 8080, "denied")],
  },
  {
    id: "ip-block-egress",
    title: "ipBlock of pods, egress, with except",
    says: "an ipBlock matches the addresses of pods, but for those of except",
    reference: `${api} IPBlock.except; Kubernetes' end-to-end tests of NetworkPolicy, "IPBlock.Except"`,
    probes: [tcp("blocked", "free", 8080, "open"), tcp("blocked", "ranged", 8080, "denied")],
  },
  {
    id: "sctp-rule",
    title: "a rule for SCTP",
    says: "also where SCTP is not supported, a policy with an SCTP rule isolates, and lets no TCP in",
    reference: "Kubernetes' end-to-end tests of NetworkPolicy, \"even if the plugin doesn't support SCTP\"",
    probes: [tcp("stranger", "sctp-only", 8080, "denied")],
  },
  {
    id: "sctp",
    title: "SCTP",
    says: "rules are for the protocol that they name",
    reference: `${api} NetworkPolicyPort.protocol`,
    probes: [probe("stranger", "sctp", "sctp", 9000, "open"), probe("stranger", "sctp", "sctp", 9001, "denied")],
  },
  {
    id: "icmp",
    title: "ICMP",
    says: "left open: for protocols besides TCP, UDP and SCTP nothing is defined (expected by podwall: as rules without ports)",
    reference: `${guide}, "Network traffic filtering"`,
    isLeftOpen: true,
    probes: [
      { from: "pinger", to: "closed", protocol: "icmp", expected: "denied" },
      { from: "pinger", to: "ranged", protocol: "icmp", expected: "denied" },
    ],
  },
  {
    id: "live-connection",
    title: "live connections",
    says: "left open: a connection that was open when the policy came may go on or be cut",
    reference: `${guide}, "NetworkPolicy and existing connections"`,
    isLeftOpen: true,
    probes: [],
  },
  {
    id: "startup-race",
    title: "startup race",
    says: "a new pod is isolated before its first container starts",
    reference: `${guide}, "Pod lifecycle"`,
    probes: [],
  },
  {
    id: "from-own-node",
    title: "own node to pod",
    says: "a pod's own node always reaches it, so that kubelet's probes work whatever the policies say",
    reference: `${guide}, "Prerequisites" and "What you can't do with network policies"`,
    probes: [],
  },
  {
    id: "to-own-node",
    title: "pod to own node",
    says: "left open: the guide says that it is always allowed, and the API's egress rules name no such exception",
    reference: `${guide}; ${api} NetworkPolicySpec.egress`,
    isLeftOpen: true,
    probes: [tcp("caged", ownNode, 10_250, "open")],
  },
  {
    id: "removed",
    title: "a policy that is removed",
    says: "a pod that no policy selects any more is reached by everything again",
    reference: `${guide}, "The two sorts of pod isolation"`,
    probes: [],
  },
];

function tcp(from: string, to: string, port: number, expected: Probe["expected"]): Probe {
  return probe(from, to, "tcp", port, expected);
}

function probe(
  from: string,
  to: string,
  protocol: Probe["protocol"],
  port: number,
  expected: Probe["expected"],
): Probe {
  return { from, to, protocol, port, expected };
}
