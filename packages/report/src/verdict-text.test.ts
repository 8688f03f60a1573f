import { type Cluster, type Endpoint, clusterFrom, endpointOf, readManifests, verdict } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { pairText } from "./pair-text.ts";
import { plainStyle } from "./style.ts";
import { jsonVerdict } from "./verdict-json.ts";
import { verdictText } from "./verdict-text.ts";

const text = `{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: server, labels: {app: server}}}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: client, labels: {project: my-project}}}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: closed, labels: {app: closed}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {namespace: x, name: server}
spec:
  podSelector: {matchLabels: {app: server}}
  ingress:
    - from: [{podSelector: {matchLabels: {project: myproject}}}]
    - ports: [{port: 443}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {namespace: x, name: typo}
spec:
  podSelector: {matchLabels: {app: closed}}
  ingress: [{ports: [{port: 0}]}]
`;
const cluster: Cluster = clusterFrom(readManifests([{ name: "in.yaml", text }]).objects);
const end = (name: string): Endpoint => endpointOf(cluster.pods.find((pod) => pod.name === name)!);
const explain = (to: string, port: number): string =>
  verdictText(
    cluster,
    verdict(cluster, { source: end("client"), destination: end(to), protocol: "TCP", port }),
    plainStyle,
  );

describe("a verdict as text", () => {
  it("names the rule, peer and port that allow, with their lines", () => {
    expect(explain("server", 443)).toBe(`x/client -> x/server TCP 443: allowed
  egress of x/client: allowed, no policy isolates it for egress
  ingress of x/server: allowed
    isolated by x/server (in.yaml:7:1)
    allowed by x/server spec.ingress[1] (in.yaml:14:7)
      ports[0]: TCP 443 (in.yaml:14:15)`);
  });

  it("says for every rule what does not match, and what was meant", () => {
    expect(explain("server", 80)).toBe(`x/client -> x/server TCP 80: denied
  egress of x/client: allowed, no policy isolates it for egress
  ingress of x/server: denied
    isolated by x/server (in.yaml:7:1)
    not allowed by x/server spec.ingress[0] (in.yaml:13:7)
      from[0]: wants project=myproject, and the peer's pod has project=my-project; did you mean project=my-project?
    not allowed by x/server spec.ingress[1] (in.yaml:14:7)
      ports[0]: allows TCP 443`);
  });

  it("says that a policy cannot be used and closes its pods", () => {
    expect(explain("closed", 80)).toContain("it cannot be used and closes its pods: spec.ingress[0].ports[0].port");
  });

  it("for everything between two ends says what each rule adds", () => {
    expect(pairText(cluster, end("client"), end("server"), plainStyle)).toBe(`x/client -> x/server: TCP 443
  egress of x/client: all, no policy isolates it for egress
  ingress of x/server:
    isolated by x/server (in.yaml:7:1)
    nothing by x/server spec.ingress[0] (in.yaml:13:7)
      from[0]: wants project=myproject, and the peer's pod has project=my-project; did you mean project=my-project?
    TCP 443 by x/server spec.ingress[1] (in.yaml:14:7)`);
  });

  it("is as complete in JSON", () => {
    const answer = verdict(cluster, { source: end("client"), destination: end("server"), protocol: "TCP", port: 80 });
    expect(JSON.parse(JSON.stringify(jsonVerdict(cluster, answer)))).toMatchObject({
      source: { pod: "x/client" },
      allowed: false,
      egress: { allowed: true, reason: "not-isolated" },
      ingress: {
        allowed: false,
        reason: "no-rule-matches",
        isolatedBy: [{ namespace: "x", name: "server", place: { file: "in.yaml", line: 7, column: 1 } }],
        rules: [{ causes: [{ kind: "pod-label" }] }, { causes: [{ kind: "other-port" }] }],
      },
    });
  });
});
