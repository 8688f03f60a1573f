import { describe, expect, it } from "vitest";
import { formatSelector } from "../model/selector.ts";
import { formatCidr } from "../net/cidr.ts";
import { textOf } from "../source/testing.ts";
import { messagesOf, placesOf, policyOf, policyText, readText } from "./testing.ts";

describe("a NetworkPolicy", () => {
  it("isolates for ingress, and for egress where it has egress rules, when policyTypes is not given", () => {
    expect(policyOf(policyText("  podSelector: {}")).directions).toEqual(["ingress"]);
    expect(policyOf(policyText("  policyTypes: []\n  egress: []")).directions).toEqual(["ingress"]);
    expect(policyOf(policyText("  egress: [{}]")).directions).toEqual(["ingress", "egress"]);
  });

  it("has no rules of a direction that policyTypes leaves out, but they are validated", () => {
    expect(policyOf(policyText("  policyTypes: [Egress]\n  ingress: [{}]"))).toMatchObject({
      directions: ["egress"],
      ingress: [],
    });
    expect(messagesOf(policyText("  policyTypes: [Egress]\n  ingress: [{ports: [{port: 0}]}]"))).toHaveLength(1);
  });

  it("selects every pod of namespace default when it says nothing else", () => {
    const policy = policyOf("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\n");
    expect(policy).toMatchObject({ namespace: "default", name: "p", directions: ["ingress"], ingress: [] });
    expect(formatSelector(policy.podSelector)).toBe("*");
  });

  it("reads selectors: labels and expressions together", () => {
    const policy = policyOf(
      policyText(
        "  podSelector:\n    matchLabels: {app: web}\n    matchExpressions:\n    - {key: tier, operator: NotIn, values: [a, ~]}\n    - {key: x/y, operator: Exists}",
      ),
    );
    expect(formatSelector(policy.podSelector)).toBe("app=web,tier notin (,a),x/y");
  });

  it("keeps an absent selector apart from an empty one in a peer", () => {
    const [rule] = policyOf(
      policyText("  ingress:\n  - from:\n    - podSelector: {}\n    - namespaceSelector: {}\n      podSelector:"),
    ).ingress;
    expect(rule?.peers.map((peer) => Object.keys(peer).filter((key) => key.endsWith("Selector")))).toEqual([
      ["podSelector"],
      ["namespaceSelector"],
    ]);
  });

  it("reads ports: TCP where no protocol is given, all where no port is", () => {
    const [rule] = policyOf(
      policyText(
        "  ingress:\n  - ports: [{}, {protocol: UDP}, {port: 0120}, {port: 1, endPort: 65535}, {port: http}, {protocol:}]",
      ),
    ).ingress;
    expect(rule?.ports.map(({ protocol, port }) => ({ protocol, ...port }))).toEqual([
      { protocol: "TCP", kind: "all" },
      { protocol: "UDP", kind: "all" },
      { protocol: "TCP", kind: "interval", first: 80, last: 80 },
      { protocol: "TCP", kind: "interval", first: 1, last: 65535 },
      { protocol: "TCP", kind: "named", name: "http" },
      { protocol: "TCP", kind: "all" },
    ]);
  });

  it("reads ipBlock with its exceptions, both families", () => {
    const [rule] = policyOf(
      policyText(
        '  egress:\n  - to:\n    - ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}\n    - ipBlock: {cidr: "FD00::/8"}',
      ),
    ).egress;
    const blocks = rule?.peers.map((peer) => peer.kind === "ipBlock" && [peer.cidr, ...peer.except].map(formatCidr));
    expect(blocks).toEqual([["0.0.0.0/0", "10.0.0.0/8"], ["fd00::/8"]]);
  });

  it("knows where each of its parts was written, and its path", () => {
    const { ingress, range } = policyOf(
      policyText("  ingress:\n  - from:\n    - podSelector: {}\n    ports:\n    - port: 80"),
    );
    const [rule] = ingress;
    expect(rule?.path).toBe("spec.ingress[0]");
    expect(rule?.peers[0]?.path).toBe("spec.ingress[0].from[0]");
    expect(rule?.ports[0]?.path).toBe("spec.ingress[0].ports[0]");
    expect(rule?.range && textOf(rule.range)).toBe("from:\n    - podSelector: {}\n    ports:\n    - port: 80");
    expect(rule?.peers[0]?.range && textOf(rule.peers[0].range)).toBe("podSelector: {}");
    expect(rule?.ports[0]?.range && textOf(rule.ports[0].range)).toBe("port: 80");
    expect(range?.start).toBe(0);
  });

  it("warns of an empty item, which allows everything", () => {
    const text = policyText("  ingress:\n  -\n");
    expect(placesOf(text)).toEqual(["PW1015 7:4"]);
    expect(policyOf(text).ingress).toMatchObject([{ peers: [], ports: [] }]);
  });

  it("warns of an empty port, which allows all of TCP", () => {
    const text = policyText("  ingress:\n  - ports:\n    -\n");
    expect(placesOf(text)).toEqual(["PW1015 8:6"]);
    expect(policyOf(text).ingress).toMatchObject([{ ports: [{ protocol: "TCP", port: { kind: "all" } }] }]);
  });

  it("reads one written in JSON", () => {
    const policy = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name: "p" }, spec: {} };
    expect(policyOf(JSON.stringify(policy))).toMatchObject({ name: "p", directions: ["ingress"] });
  });

  it("names policies of other API groups instead of reading them", () => {
    const { objects, others } = readText(
      "apiVersion: crd.projectcalico.org/v1\nkind: NetworkPolicy\nmetadata: {name: p}\n",
    );
    expect(objects).toEqual([]);
    expect(others).toMatchObject([{ role: "policy", kind: "NetworkPolicy", name: "p", namespace: "default" }]);
  });
});
