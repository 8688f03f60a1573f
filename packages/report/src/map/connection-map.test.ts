import { type Cluster, clusterFrom, readManifests } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { plainStyle } from "../style.ts";
import { connectionMap } from "./connection-map.ts";
import { mapJson, mapText } from "./map-text.ts";

function clusterOf(text: string): Cluster {
  return clusterFrom(readManifests([{ name: "in.yaml", text }]).objects, { replicas: ({ replicas = 1 }) => replicas });
}

const text = `
{apiVersion: apps/v1, kind: StatefulSet, metadata: {namespace: x, name: db}, spec: {replicas: 2, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {namespace: x, name: web}, spec: {replicas: 2, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {namespace: x, name: closed}
spec: {policyTypes: [Ingress, Egress]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {namespace: x, name: web}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 443}]}]
`;

describe("the map", () => {
  it("has one end for replicas that policies treat alike, and pods by name where a policy tells them apart", () => {
    const namesOf = (input: string) =>
      connectionMap(clusterOf(input)).ends.map(({ name, pods }) => [name, pods.length]);
    expect(namesOf(text)).toEqual([
      ["x/db", 2],
      ["x/web", 2],
    ]);
    const first = `${text}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {namespace: x, name: first}
spec: {podSelector: {matchLabels: {apps.kubernetes.io/pod-index: "0"}}}
`;
    expect(namesOf(first)).toEqual([
      ["x/db-0", 1],
      ["x/db-1", 1],
      ["x/web", 2],
    ]);
  });

  it("says who may talk to whom, blocks that policies name included, and who is not isolated", () => {
    expect(mapText(connectionMap(clusterOf(text)), plainStyle)).toBe(`192.0.2.0/24 -> x/web  TCP 443

2 ends, 12 pairs: 1 may talk, 11 may not
not isolated for ingress: none
not isolated for egress: none`);
  });

  it("has a workload of several pods as a pair with itself, and counts them", () => {
    const of = (replicas: number) => {
      const input = `{apiVersion: apps/v1, kind: Deployment, metadata: {namespace: x, name: web}, spec: {replicas: ${replicas}, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}}}}`;
      const map = connectionMap(clusterFrom(readManifests([{ name: "in.yaml", text: input }]).objects));
      const itself = map.pairs.filter(({ source, destination }) => source === destination);
      return { itself: itself.length, count: map.ends[0]?.count, pods: map.ends[0]?.pods };
    };
    expect(of(1)).toEqual({ itself: 0, count: undefined, pods: ["x/web-1"] });
    expect(of(2)).toEqual({ itself: 1, count: undefined, pods: ["x/web-1", "x/web-2"] });
    expect(of(5)).toEqual({ itself: 1, count: 5, pods: ["x/web-1", "x/web-2"] });
  });

  it("has both families of the outside where policies treat them differently, and are of both", () => {
    const sourcesTo = (cidr: string, addresses: string): string[] => {
      const { pairs } = connectionMap(
        clusterOf(`
{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: web}, status: {podIPs: [${addresses}]}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: x, name: p}, spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: ${cidr}}}]}]}}
`),
      );
      return pairs.filter(({ destination }) => destination === "x/web").map(({ source }) => source);
    };
    const [four, six] = ["{ip: 10.0.0.1}", "{ip: 'fd00::1'}"];
    expect(sourcesTo("0.0.0.0/0", `${four}, ${six}`)).toEqual(["outside IPv4"]);
    expect(sourcesTo("'::/0'", `${four}, ${six}`)).toEqual(["outside IPv6"]);
    expect(sourcesTo("0.0.0.0/0", four)).toEqual(["outside"]);
    expect(sourcesTo("'::/0'", six)).toEqual(["outside"]);
    expect(sourcesTo("192.0.2.0/24", `${four}, ${six}`)).toEqual(["192.0.2.0/24"]);
  });

  it("takes an address that no policy names for the outside, and it is not in the block that one names", () => {
    const open = `${text}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: z, name: open}}
`;
    const { pairs } = connectionMap(clusterOf(open));
    expect(pairs.filter(({ source }) => source === "outside").map(({ destination }) => destination)).toEqual([
      "z/open",
    ]);
  });

  it("judges a block by an address of its own, and leaves out one that smaller blocks are all of", () => {
    const pairsFor = (blocks: string) =>
      connectionMap(
        clusterOf(`{apiVersion: v1, kind: Pod, metadata: {namespace: q, name: a}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {namespace: q, name: a}
spec: {policyTypes: [Ingress, Egress], ingress: [{from: [${blocks}]}]}`),
      ).pairs.map(({ source, destination }) => `${source} -> ${destination}`);
    expect(pairsFor("{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/16, 10.1.0.0/16, 10.2.0.0/17]}}")).toEqual([
      "10.0.0.0/8 -> q/a",
    ]);
    expect(
      pairsFor("{ipBlock: {cidr: 10.0.0.0/8}}, {ipBlock: {cidr: 10.0.0.0/9}}, {ipBlock: {cidr: 10.128.0.0/9}}"),
    ).toEqual(["10.0.0.0/9 -> q/a", "10.128.0.0/9 -> q/a"]);
  });

  it("has one end for bare pods that are alike, and two where a block holds only one of them", () => {
    const pod = (name: string, address: string) =>
      `{apiVersion: v1, kind: Pod, metadata: {namespace: z, name: ${name}}, status: {podIP: ${address}}}`;
    const ends = (second: string) =>
      connectionMap(clusterOf([text, pod("a", "10.0.0.1"), pod("b", second)].join("\n---\n")))
        .ends.filter(({ name }) => name.startsWith("z/"))
        .map(({ name, pods }) => [name, pods.length]);
    expect(ends("10.0.0.2")).toEqual([["z/a", 2]]);
    expect(ends("192.0.2.7")).toEqual([
      ["z/a", 1],
      ["z/b", 1],
    ]);
  });

  it("of nothing is empty", () => {
    expect(mapText(connectionMap(clusterOf("")), plainStyle)).toContain("0 ends, 0 pairs");
  });

  it("is one document in JSON", () => {
    const json = JSON.parse(mapJson(connectionMap(clusterOf(text))));
    expect(json).toMatchObject({ apiVersion: "podwall.dev/v1", kind: "ConnectionMap" });
    expect(json.pairs).toContainEqual({
      source: "192.0.2.0/24",
      destination: "x/web",
      connections: { TCP: [{ first: 443, last: 443 }], UDP: [], SCTP: [], other: false },
    });
  });
});
