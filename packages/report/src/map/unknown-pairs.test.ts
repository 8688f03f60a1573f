import { clusterFrom, readManifests } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { plainStyle } from "../style.ts";
import { connectionMap } from "./connection-map.ts";
import { mapCsv } from "./map-csv.ts";
import { mapDot } from "./map-dot.ts";
import { mapHtml } from "./map-html.ts";
import { type MapMatrix, mapMatrix } from "./map-matrix.ts";
import { mapSvg } from "./map-svg.ts";
import { mapJson, mapText } from "./map-text.ts";
import { mapTotals, totalsText } from "./totals.ts";

const pod = (namespace: string, name: string, more = ""): string =>
  `{apiVersion: v1, kind: Pod, metadata: {namespace: ${namespace}, name: ${name}, labels: {app: ${name}}}${more}}\n---\n`;
const address = ", status: {podIP: 10.0.0.1}";

const policies = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {namespace: shop, name: db}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress, Egress]
  ingress:
    - {from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}
    - {from: [{namespaceSelector: {matchLabels: {team: data}}}], ports: [{port: 5432}, {port: 9187}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {namespace: shop, name: web}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 443}]}]
`;

const cilium = `
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {namespace: jobs, name: closed}
spec: {endpointSelector: {}, ingress: [{}]}
`;

function mapOf(more = "") {
  const text = `${pod("shop", "db", address)}${pod("shop", "web", address.replace(".1", ".2"))}${pod("jobs", "cron")}${policies}${more}`;
  const { objects, others, diagnostics } = readManifests([{ name: "in.yaml", text }]);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const cluster = clusterFrom(objects);
  return { map: connectionMap(cluster, others), cluster, others };
}

const labels = "the labels of namespace shop: policies ask for team, and its Namespace object is not in the input";
const bothLabels =
  "the labels of namespaces shop and jobs: policies ask for team, and their Namespace objects are not in the input";
const jobsLabels = labels.replace("shop", "jobs");
const cronAddress = "the address of jobs/cron: rules name blocks of addresses, and the input has no status.podIP of it";

describe("a pair of which the answer depends on what the input does not say", () => {
  it("is unknown in the text, with what passes for sure, and facts are named once", () => {
    expect(mapText(mapOf().map, plainStyle)).toBe(`shop/web   -> shop/db     TCP 5432; unknown: TCP 9187 [1]
shop/web   -> jobs/cron   all
shop/web   -> 10.0.0.0/8  all
shop/web   -> outside     all
jobs/cron  -> shop/db     unknown: TCP 5432,9187 [1]
jobs/cron  -> shop/web    unknown: TCP 443 [2]
jobs/cron  -> 10.0.0.0/8  all
jobs/cron  -> outside     all
10.0.0.0/8 -> shop/web    TCP 443
10.0.0.0/8 -> jobs/cron   all
outside    -> jobs/cron   all

3 ends, 18 pairs: 9 may talk, 7 may not, 2 unknown
[1] ${bothLabels}
[2] ${cronAddress}
not isolated for ingress: jobs/cron
not isolated for egress: shop/web, jobs/cron`);
  });

  it("is known where what the input lacks cannot change it", () => {
    const { map } = mapOf(`---
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: jobs, labels: {team: data}}}
`);
    const unknown = map.pairs.filter((pair) => pair.unknown !== undefined);
    expect(unknown.map(({ source, destination }) => [source, destination])).toEqual([["jobs/cron", "shop/web"]]);
    expect(
      map.pairs.find(({ source, destination }) => source === "jobs/cron" && destination === "shop/db"),
    ).toMatchObject({
      connections: {
        TCP: [
          { first: 5432, last: 5432 },
          { first: 9187, last: 9187 },
        ],
      },
    });
  });

  it("is one that a policy of another kind may have a say in, with addresses outside too", () => {
    const { map, cluster, others } = mapOf(cilium);
    const text = mapText(map, plainStyle);
    expect(text).toContain("outside    -> jobs/cron   unknown: all [2]");
    expect(text).toContain("shop/web   -> jobs/cron   unknown: all [2]");
    expect(text).toContain("jobs/cron  -> outside     all\n");
    expect(text).toMatch(/\[2\] CiliumNetworkPolicy jobs\/closed \(in.yaml:\d+:1\) may allow or deny it/);
    expect(totalsText(mapTotals(cluster, others))).toBe(`jobs -> shop  0 of 2 pairs, 2 unknown
shop -> jobs  0 of 2 pairs, 1 unknown
shop -> shop  1 of 2 pairs

1 pairs of pods may talk, of 3 it is not known`);
  });

  it("is that in every format", () => {
    const { map } = mapOf();
    const json = JSON.parse(mapJson(map));
    expect(json).toMatchObject({ unknownPairs: 2, closedPairs: 7 });
    expect(json.pairs[0].unknown.missing).toEqual([0]);
    expect(json.missing.map(({ text }: { text: string }) => text)).toEqual([labels, jobsLabels, cronAddress]);
    expect(mapCsv(map).split("\r\n").slice(1, 3)).toEqual([
      "shop/web,shop/db,TCP,5432,no,allowed,",
      `shop/web,shop/db,TCP,9187,no,unknown,"${labels}"`,
    ]);
    const matrix = mapMatrix(map, { ends: 100 }) as MapMatrix;
    expect(mapDot(matrix)).toContain('label="unknown: TCP 443", style=dotted');
    expect(mapSvg(matrix)).toContain(`: unknown: TCP 443. It depends on ${cronAddress}</title>`);
    expect(mapSvg(matrix)).toContain(">5432+?</text>");
    expect(mapHtml(matrix)).toContain('"unknown: TCP 443","443?"');
    expect(mapHtml(matrix)).toContain("not known, or not all of it");
    const byNamespace = mapMatrix(map, { ends: 4 }) as MapMatrix;
    expect(byNamespace.byNamespace).toBe(true);
    expect(
      byNamespace.cells.find(({ source, destination }) => source === 0 && destination === 1)?.unknown?.missing,
    ).toHaveLength(2);
  });
});
