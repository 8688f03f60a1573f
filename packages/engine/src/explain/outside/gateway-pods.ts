import type { Cluster } from "../../model/cluster.ts";
import type { Pod } from "../../model/pod.ts";
import type { Gateway, Route } from "../../model/route.ts";

/**
 * The pods that requests for a route come through, as far as labels tell: those of a Gateway carry its name (Gateway API,
 * GEP-1762), and controllers of Ingress go by the names of their charts.
 */
export function gatewayPods(cluster: Cluster, route: Route, gateway: Gateway | undefined): readonly Pod[] {
  const running = cluster.pods.filter(({ completed }) => !completed);
  if (gateway !== undefined) {
    const named = running.filter((pod) => gatewayLabels.some((label) => pod.labels.get(label) === gateway.name));
    const near = named.filter(({ namespace }) => namespace === gateway.namespace);
    return near.length > 0 ? near : named;
  }
  const controllers = running.filter((pod) =>
    nameLabels.some((label) => ingressControllers.has(pod.labels.get(label) ?? "")),
  );
  const ofClass = controllers.filter((pod) =>
    nameLabels.some((label) => isOfClass(pod.labels.get(label), route.className)),
  );
  return ofClass.length > 0 ? ofClass : controllers;
}

const gatewayLabels = ["gateway.networking.k8s.io/gateway-name", "gateway.envoyproxy.io/owning-gateway-name"];
const nameLabels = ["app.kubernetes.io/name", "app", "k8s-app"];

const ingressControllers = new Set([
  "ingress-nginx",
  "nginx-ingress",
  "traefik",
  "haproxy-ingress",
  "kubernetes-ingress",
  "contour",
  "envoy",
  "kong",
  "istio-ingressgateway",
]);

function isOfClass(name: string | undefined, className: string | undefined): boolean {
  return name !== undefined && className !== undefined && (name.includes(className) || className.includes(name));
}
