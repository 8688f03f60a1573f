import { describe, expect, it } from "vitest";
import { readManifests } from "../../api/read-manifests.ts";
import { clusterFrom } from "../../model/cluster-from.ts";
import { waysIn } from "./ways-in.ts";

const gatewayPod = `{apiVersion: v1, kind: Pod, metadata: {namespace: infra, name: gw, labels: {gateway.networking.k8s.io/gateway-name: public}}, spec: {containers: []}}
---
{apiVersion: v1, kind: Service, metadata: {namespace: infra, name: gw}, spec: {type: LoadBalancer, selector: {gateway.networking.k8s.io/gateway-name: public}, ports: [{port: 443, targetPort: 8443}]}}`;
const controller = `{apiVersion: v1, kind: Pod, metadata: {namespace: infra, name: nginx, labels: {app.kubernetes.io/name: ingress-nginx}}, spec: {containers: []}}
---
{apiVersion: v1, kind: Service, metadata: {namespace: infra, name: nginx}, spec: {type: NodePort, selector: {app.kubernetes.io/name: ingress-nginx}, ports: [{port: 443}]}}`;
const web = `{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: web, labels: {app: web}}, spec: {containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]}}`;
const service = (more = ""): string =>
  `{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: web}, spec: {${more}selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}]}}`;
const httpRoute = `{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {namespace: shop, name: r}, spec: {parentRefs: [{namespace: infra, name: public}], rules: [{backendRefs: [{name: web, port: 80}]}]}}`;
const ingress = `{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {namespace: shop, name: i}, spec: {ingressClassName: nginx, rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}]}}]}}`;
const policy = (namespace: string, ingressRules: string): string =>
  `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: ${namespace}, name: p}, spec: {podSelector: {}, ingress: [${ingressRules}]}}`;
const node = `{apiVersion: v1, kind: Node, metadata: {name: one}, status: {addresses: [{type: InternalIP, address: 172.18.0.1}]}}`;
const fromInfra =
  "{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: infra}}}], ports: [{port: 8080}]}";

function ways(...documents: readonly string[]) {
  const { objects, others, diagnostics } = readManifests([{ name: "in.yaml", text: documents.join("\n---\n") }]);
  expect(diagnostics).toEqual([]);
  const cluster = clusterFrom(objects);
  const found = waysIn({ cluster, others }, cluster.services.find(({ name }) => name === "web")!);
  return found.map(({ route, answer, steps }) => ({
    by: route?.kind ?? "Service",
    answer,
    steps: steps.map((step) => `${step.from} -> ${step.to} ${step.port} ${step.answer}`),
  }));
}

describe("the ways from outside to a Service", () => {
  it("are none where nothing leads to it", () => expect(ways(web, service())).toEqual([]));

  it("are through the pods of a Gateway, on the pod's own port", () => {
    expect(ways(web, service(), httpRoute, gatewayPod, policy("shop", fromInfra))).toEqual([
      {
        by: "HTTPRoute",
        answer: "allowed",
        steps: ["world -> infra/gw 8443 allowed", "infra/gw -> shop/web 8080 allowed"],
      },
    ]);
  });

  it("are closed where policy keeps the gateway from the pod, or the world from the gateway", () => {
    const closed = policy("shop", "{from: [{podSelector: {}}]}");
    expect(ways(web, service(), httpRoute, gatewayPod, closed)).toMatchObject([{ answer: "denied" }]);
    const [way] = ways(web, service(), httpRoute, gatewayPod, node, policy("infra", "{from: [{podSelector: {}}]}"));
    expect(way?.steps[0]).toBe("world -> infra/gw 8443 partly");
  });

  it("are through the controller of an Ingress, by its class", () => {
    expect(ways(web, service(), ingress, controller)).toMatchObject([{ by: "Ingress", answer: "allowed" }]);
  });

  it.each([
    [[ingress], "no pod of it"],
    [[httpRoute], "no pod of it"],
    [[httpRoute, gatewayPod.split("---")[0] as string], "no Service that leads to them"],
  ])("are not known where the gateway's pods are not: %#", (documents) => {
    expect(ways(web, service(), ...documents)).toMatchObject([{ answer: "unknown" }]);
  });

  it.each([
    ["type: NodePort, ", "{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}", [node], "allowed"],
    ["type: NodePort, ", "{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}", [node], "partly"],
    ["type: NodePort, ", "{from: [{ipBlock: {cidr: 172.18.0.0/16}}]}", [node], "allowed"],
    ["type: NodePort, ", "{from: [{ipBlock: {cidr: 172.18.0.0/16}}]}", [], "unknown"],
    [
      "type: LoadBalancer, externalTrafficPolicy: Local, ",
      "{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}",
      [node],
      "partly",
    ],
    ["type: LoadBalancer, externalTrafficPolicy: Local, ", "{from: [{podSelector: {}}]}", [], "denied"],
  ])("are by a Service with %s past %s: %#", (type, rule, more, answer) => {
    expect(ways(web, service(type), policy("shop", rule), ...more)).toMatchObject([{ by: "Service", answer }]);
  });

  it("are closed where no pod declares the port's name", () => {
    const other = service("type: NodePort, ").replace("targetPort: http", "targetPort: grpc");
    expect(ways(web, other)).toMatchObject([{ answer: "denied", steps: ["world -> shop/web 80 denied"] }]);
  });

  const gateway = (listeners: string): string =>
    `{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {namespace: infra, name: public}, spec: {listeners: [${listeners}]}}`;
  const shop = (labels: string): string =>
    `{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {${labels}}}}`;
  const selected =
    "{name: web, port: 443, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {routes: public}}}}}";

  it.each([
    ["{name: web, port: 443}", [], "denied"],
    ["{name: web, port: 443, allowedRoutes: {namespaces: {from: Same}}}", [], "denied"],
    ["{name: web, port: 443, allowedRoutes: {namespaces: {from: All}}}", [], "allowed"],
    ["{name: a, port: 443}, {name: b, port: 80, allowedRoutes: {namespaces: {from: All}}}", [], "allowed"],
    ["{name: web, port: 443, allowedRoutes: {namespaces: {from: All}, kinds: [{kind: TLSRoute}]}}", [], "denied"],
    [selected, [shop("routes: public")], "allowed"],
    [selected, [shop("routes: none")], "denied"],
    [selected, [], "unknown"],
  ])("need a listener that takes routes of the namespace: %s, %j", (listeners, more, answer) => {
    const found = ways(web, service(), httpRoute, gatewayPod, gateway(listeners), ...more);
    expect(found).toMatchObject([{ by: "HTTPRoute", answer }]);
  });

  it("need the listener that the route asks for, and a host name that both have", () => {
    const listeners = "{name: web, port: 443, hostname: '*.shop.example', allowedRoutes: {namespaces: {from: All}}}";
    const asks = (name: string): string => httpRoute.replace("name: public}", `name: public, sectionName: ${name}}`);
    const of = (host: string): string => httpRoute.replace("spec: {", `spec: {hostnames: [${host}], `);
    const answer = (route: string): string | undefined =>
      ways(web, service(), route, gatewayPod, gateway(listeners))[0]?.answer;
    expect([answer(asks("web")), answer(asks("other"))]).toEqual(["allowed", "denied"]);
    expect([answer(of("a.shop.example")), answer(of("a.example"))]).toEqual(["allowed", "denied"]);
  });

  it("need a ReferenceGrant where a route leads to another namespace", () => {
    const route = httpRoute
      .replace("namespace: shop, name: r", "namespace: infra, name: r")
      .replace("name: web, port", "namespace: shop, name: web, port");
    const grant = (namespace: string): string =>
      `{apiVersion: gateway.networking.k8s.io/v1beta1, kind: ReferenceGrant, metadata: {namespace: shop, name: g}, spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: ${namespace}}], to: [{group: "", kind: Service}]}}`;
    const answer = (...more: readonly string[]): string | undefined =>
      ways(web, service(), route, gatewayPod, ...more)[0]?.answer;
    expect([answer(), answer(grant("other")), answer(grant("infra"))]).toEqual(["denied", "denied", "allowed"]);
  });
});
