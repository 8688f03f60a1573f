import { type Cluster, namespaceNameLabel } from "../../model/cluster.ts";
import type { Gateway, Listener, ParentReference, ReferenceGrant, Route } from "../../model/route.ts";
import { selects } from "../../model/selector.ts";

/** Whether a Gateway takes a route, and why not, or what that depends on. */
export interface Acceptance {
  readonly isAccepted: boolean | "unknown";
  readonly why?: string;
}

const accepted: Acceptance = { isAccepted: true };

/** Whether some listener of a Gateway takes a route (Gateway API, `allowedRoutes`); so where the Gateway is only named. */
export function acceptedByGateway(
  cluster: Cluster,
  route: Route,
  gateway: Gateway,
  { sectionName, port }: Pick<ParentReference, "sectionName" | "port">,
): Acceptance {
  const { listeners } = gateway;
  if (listeners === undefined) return accepted;
  const name = `Gateway ${gateway.namespace}/${gateway.name}`;
  const asked = listeners.filter(
    (listener) =>
      (sectionName === undefined || listener.name === sectionName) && (port === undefined || listener.port === port),
  );
  if (asked.length === 0) return { isAccepted: false, why: `${name} has no listener that the route asks for` };
  const answers = asked.map((listener) => acceptedBy(cluster, route, gateway, listener));
  const best = answers.find(({ isAccepted }) => isAccepted === true) ?? answers.find(({ isAccepted }) => isAccepted);
  if (best !== undefined) return best;
  return { isAccepted: false, why: `${name} does not take it: ${answers.map(({ why }) => why).join("; ")}` };
}

function acceptedBy(cluster: Cluster, route: Route, gateway: Gateway, listener: Listener): Acceptance {
  const who = `listener ${listener.name}`;
  const { kinds, hostname, from, selector } = listener;
  if (kinds.length > 0 && !kinds.includes(route.kind))
    return { isAccepted: false, why: `${who} takes no ${route.kind}` };
  if (hostname !== undefined && route.hosts.length > 0 && !route.hosts.some((host) => hostsMeet(hostname, host))) {
    return { isAccepted: false, why: `${who} is for ${hostname}` };
  }
  if (from === "All") return accepted;
  if (from === "None") return { isAccepted: false, why: `${who} takes no routes` };
  if (from === "Same") {
    if (route.namespace === gateway.namespace) return accepted;
    return { isAccepted: false, why: `${who} takes routes of its own namespace` };
  }
  const namespace = cluster.namespaces.get(route.namespace);
  const isKnown =
    namespace?.declared === true || (selector?.requirements ?? []).every(({ key }) => key === namespaceNameLabel);
  if (!isKnown) {
    const why = `${who} takes routes of namespaces by their labels, and Namespace ${route.namespace} is not in the input`;
    return { isAccepted: "unknown", why };
  }
  const labels = namespace?.labels ?? new Map([[namespaceNameLabel, route.namespace]]);
  if (selector !== undefined && selects(selector, labels)) return accepted;
  return { isAccepted: false, why: `${who} takes no routes of namespace ${route.namespace}` };
}

/** Whether two host names, of which either may begin with `*.`, have a name in common. */
function hostsMeet(a: string, b: string): boolean {
  const [one, other] = [a.toLowerCase(), b.toLowerCase()];
  if (one === other) return true;
  const isUnder = (host: string, wild: string): boolean => wild.startsWith("*.") && host.endsWith(wild.slice(1));
  return isUnder(one, other) || isUnder(other, one);
}

/** Whether a route may send requests to a Service of this namespace and name: in another namespace only with a grant. */
export function acceptedByGrants(
  grants: readonly ReferenceGrant[],
  route: Route,
  service: { readonly namespace: string; readonly name: string },
): Acceptance {
  if (route.namespace === service.namespace) return accepted;
  const isGranted = grants.some(
    ({ namespace, from, services }) =>
      namespace === service.namespace &&
      from.some((one) => one.kind === route.kind && one.namespace === route.namespace) &&
      services.some((name) => name === undefined || name === service.name),
  );
  if (isGranted) return accepted;
  const why = `no ReferenceGrant of namespace ${service.namespace} lets a ${route.kind} of ${route.namespace} lead to the Service`;
  return { isAccepted: false, why };
}
