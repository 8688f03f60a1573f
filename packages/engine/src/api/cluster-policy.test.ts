import { describe, expect, it } from "vitest";
import type { PolicyPort } from "../model/network-policy.ts";
import { formatSelector } from "../model/selector.ts";
import { formatCidr } from "../net/cidr.ts";
import { textOf } from "../source/testing.ts";
import { clusterPolicyOf, clusterPolicyText, readText } from "./testing.ts";

const head = "tier: Baseline, priority: 7, subject: {namespaces: {}}";
const shown = ({ protocol, port }: PolicyPort): string =>
  `${protocol} ${port.kind === "interval" ? `${port.first}-${port.last}` : port.kind === "named" ? port.name : "all"}`;

describe("a ClusterNetworkPolicy", () => {
  it("has a tier, a priority, and rules in the order written", () => {
    const policy = clusterPolicyOf(
      clusterPolicyText(
        `{${head}, ingress: [{name: first, action: Accept, from: [{namespaces: {}}]}, {action: Pass, from: [{namespaces: {}}]}]}`,
      ),
    );
    expect(policy).toMatchObject({
      kind: "ClusterNetworkPolicy",
      name: "default",
      tier: "Baseline",
      priority: 7,
      ingress: [
        { path: "spec.ingress[0]", name: "first", action: "Accept", ports: [] },
        { path: "spec.ingress[1]", action: "Pass", ports: [] },
      ],
      egress: [],
    });
    expect(policy.closedBecause).toBeUndefined();
    expect(policy.ingress[1]).not.toHaveProperty("name");
  });

  it("selects subjects by namespaces, or by pods, of all namespaces where none are said", () => {
    const subject = (text: string): readonly (string | undefined)[] => {
      const { namespaceSelector, podSelector } = clusterPolicyOf(
        clusterPolicyText(`{tier: Admin, priority: 1, subject: ${text}}`),
      ).subject;
      return [formatSelector(namespaceSelector), podSelector && formatSelector(podSelector)];
    };
    expect(subject("{namespaces: {matchLabels: {team: a}}}")).toEqual(["team=a", undefined]);
    expect(subject("{pods: {namespaceSelector: {matchLabels: {team: a}}, podSelector: {}}}")).toEqual(["team=a", "*"]);
    expect(subject("{pods: {podSelector: {matchLabels: {app: web}}}}")).toEqual(["*", "app=web"]);
  });

  it("drops labels that are null, as the API server does", () => {
    const { subject } = clusterPolicyOf(
      clusterPolicyText("{tier: Admin, priority: 1, subject: {namespaces: {matchLabels: {a: ~, b: c}}}}"),
    );
    expect(formatSelector(subject.namespaceSelector)).toBe("b=c");
  });

  it("reads every kind of peer", () => {
    const [rule] = clusterPolicyOf(
      clusterPolicyText(
        `{${head}, egress: [{action: Accept, to: [{namespaces: {}}, {pods: {podSelector: {matchLabels: {app: db}}}}, {networks: [10.1.2.3/8, "FD00::/8"]}, {nodes: {matchLabels: {edge: ""}}}, {domainNames: ["*.example.com"]}]}]}`,
      ),
    ).egress;
    expect(rule?.peers).toMatchObject([
      { kind: "selected-pods", path: "spec.egress[0].to[0]", namespaceSelector: { requirements: [] } },
      { kind: "selected-pods", podSelector: { requirements: [{ key: "app", values: ["db"] }] } },
      { kind: "networks" },
      { kind: "nodes", nodeSelector: { requirements: [{ key: "edge", values: [""] }] } },
      { kind: "domain-names", path: "spec.egress[0].to[4]", domainNames: ["*.example.com"] },
    ]);
    expect(rule?.peers[0]).not.toHaveProperty("podSelector");
    const networks = rule?.peers.flatMap((peer) => (peer.kind === "networks" ? peer.networks : []));
    expect(networks?.map(formatCidr)).toEqual(["10.0.0.0/8", "fd00::/8"]);
  });

  it.each(["Deny", "Pass"])("takes domain names in a %s rule for a peer it does not know", (action) => {
    const [rule] = clusterPolicyOf(
      clusterPolicyText(`{${head}, egress: [{action: ${action}, to: [{domainNames: [a.b]}]}]}`),
    ).egress;
    expect(rule).toMatchObject({ action, peers: [{ kind: "unknown", path: "spec.egress[0].to[0]" }] });
  });

  it("reads protocols; a port's name is that of each", () => {
    const [rule] = clusterPolicyOf(
      clusterPolicyText(
        `{${head}, ingress: [{action: Deny, from: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: 80}}}, {udp: {destinationPort: {range: {start: 1, end: 65535}}}}, {sctp: {destinationPort: {number: 9}}}, {destinationNamedPort: web}]}]}`,
      ),
    ).ingress;
    expect(rule?.ports.map(shown)).toEqual(["TCP 80-80", "UDP 1-65535", "SCTP 9-9", "TCP web", "UDP web", "SCTP web"]);
    expect(new Set(rule?.ports.slice(3).map(({ path }) => path))).toEqual(new Set(["spec.ingress[0].protocols[3]"]));
  });

  it("knows where each of its parts was written", () => {
    const policy = clusterPolicyOf(
      clusterPolicyText(`
  tier: Admin
  priority: 1
  subject:
    namespaces: {}
  egress:
    - action: Deny
      to:
        - networks: [10.0.0.0/8]
      protocols:
        - tcp: {destinationPort: {number: 80}}`),
    );
    const [rule] = policy.egress;
    expect(policy.range?.start).toBe(0);
    expect(rule?.range && textOf(rule.range)).toMatch(/^action: Deny[^]*number: 80}}$/);
    expect(rule?.peers[0]?.range && textOf(rule.peers[0].range)).toBe("networks: [10.0.0.0/8]");
    expect(rule?.ports[0]?.range && textOf(rule.ports[0].range)).toBe("tcp: {destinationPort: {number: 80}}");
    expect(policy.subject.namespaceSelector.range && textOf(policy.subject.namespaceSelector.range)).toBe("{}");
  });

  it("may be an item of a typed list, which says its kind", () => {
    const text = `apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicyList\nitems:\n- metadata: {name: p}\n  spec: {${head}}\n`;
    expect(readText(text)).toMatchObject({ objects: [{ name: "p", tier: "Baseline" }], diagnostics: [] });
  });
});

describe("the policies of v1alpha1", () => {
  it("are of one tier each, and Allow is Accept", () => {
    const rule = "ingress: [{action: Allow, from: [{namespaces: {}}]}]";
    const admin = clusterPolicyText(`{priority: 3, subject: {namespaces: {}}, ${rule}}`, "AdminNetworkPolicy");
    expect(clusterPolicyOf(admin)).toMatchObject({
      kind: "AdminNetworkPolicy",
      tier: "Admin",
      priority: 3,
      ingress: [{ action: "Accept" }],
    });
    const baseline = clusterPolicyText(`{subject: {namespaces: {}}, ${rule}}`, "BaselineAdminNetworkPolicy");
    expect(clusterPolicyOf(baseline)).toMatchObject({
      kind: "BaselineAdminNetworkPolicy",
      tier: "Baseline",
      priority: 1000,
      ingress: [{ action: "Accept" }],
    });
  });

  it("say ports with their protocol, TCP where they do not", () => {
    const ports =
      "[{portNumber: {port: 80}}, {portNumber: {port: 53, protocol: UDP}}, {portRange: {start: 1, end: 9}}, {portRange: {protocol: SCTP, start: 5, end: 5}}, {portNumber: {port: 1, protocol: ~}}, {namedPort: web}]";
    const text = `{priority: 3, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}], ports: ${ports}}]}`;
    const [rule] = clusterPolicyOf(clusterPolicyText(text, "AdminNetworkPolicy")).ingress;
    expect(rule?.ports.map(shown)).toEqual([
      "TCP 80-80",
      "UDP 53-53",
      "TCP 1-9",
      "SCTP 5-5",
      "TCP 1-1",
      "TCP web",
      "UDP web",
      "SCTP web",
    ]);
  });
});
