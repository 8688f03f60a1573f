import type { Direction } from "../model/network-policy.ts";
import type { OtherObject, OtherPolicy } from "../model/other-object.ts";
import type { SelectorRequirement } from "../model/selector.ts";
import type { Field } from "./field.ts";
import type { RawObject } from "./flatten-lists.ts";
import { readLabelSelector } from "./label-selector.ts";
import { defaultNamespace } from "./object-meta.ts";
import type { Identity } from "./identity.ts";
import { child, descendant, items } from "./read-field.ts";
import { readString } from "./read-scalar.ts";
import { readGateway, readIngress, readReferenceGrant, readRoute } from "./route.ts";

/** An object of a kind that changes answers and is not judged by; undefined for every other. Finds nothing wrong. */
export function readOtherObject({ root, apiVersion, kind }: RawObject): OtherObject | undefined {
  const group = apiVersion.slice(0, Math.max(0, apiVersion.indexOf("/")));
  const read = readers.get(`${group} ${kind}`);
  if (read === undefined) return undefined;
  const quiet = { ...root, problems: [] };
  const metadata = child(quiet, "metadata");
  const name = readString(child(metadata, "name")) ?? "";
  const given = child(metadata, "namespace");
  const namespace = readString(given) ?? defaultNamespace(root.range);
  const identity = { apiVersion, kind, name, namespace, range: root.range };
  const other = read(identity, child(quiet, "spec"), quiet);
  // Such as an unquoted `y`, which is no text: it may select pods of any namespace.
  const isMisread = given.node !== undefined && readString(given) === undefined;
  if (!isMisread || other.role !== "policy") return other;
  const { namespace: _, ...anywhere } = other;
  return anywhere;
}

type PolicyIdentity = Omit<Identity, "namespace"> & Partial<Identity>;

type Reader = (identity: Identity, spec: Field, root: Field) => OtherObject;

/**
 * By API group and kind. What Cilium's, Calico's and Antrea's policies do is added to NetworkPolicy or comes before it;
 * Istio's only denies, in the pods' sidecars.
 */
const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["cilium.io CiliumNetworkPolicy", ciliumPolicy],
  [
    "cilium.io CiliumClusterwideNetworkPolicy",
    (identity, spec, root) => ciliumPolicy(everywhere(identity), spec, root),
  ],
  ...["crd.projectcalico.org", "projectcalico.org"].flatMap((group): [string, Reader][] => [
    [`${group} NetworkPolicy`, calicoPolicy],
    [`${group} GlobalNetworkPolicy`, (identity, spec) => calicoPolicy(everywhere(identity), spec)],
  ]),
  ["crd.antrea.io NetworkPolicy", (identity) => policy(identity)],
  ["crd.antrea.io ClusterNetworkPolicy", (identity) => policy(everywhere(identity))],
  ["security.istio.io AuthorizationPolicy", istioPolicy],
  ["networking.k8s.io Ingress", readIngress],
  ["gateway.networking.k8s.io Gateway", readGateway],
  ["gateway.networking.k8s.io ReferenceGrant", readReferenceGrant],
  ...["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"].map((kind): [string, Reader] => [
    `gateway.networking.k8s.io ${kind}`,
    readRoute,
  ]),
  ...[
    "argoproj.io Rollout",
    "apps.openshift.io DeploymentConfig",
    "apps.kruise.io CloneSet",
    "serving.knative.dev Service",
  ].map((kind): [string, Reader] => [kind, (identity) => ({ role: "pods", ...identity })]),
]);

const bothDirections: readonly Direction[] = ["ingress", "egress"];

/** `spec` or `specs`, each with an `endpointSelector`; a rule list isolates for its direction, also an empty one. */
function ciliumPolicy(identity: PolicyIdentity, spec: Field, root: Field): OtherPolicy {
  const isOne = spec.node !== undefined && items(child(root, "specs")).length === 0;
  const has = (key: string): boolean => child(spec, key).node !== undefined;
  const directions = bothDirections.filter((direction) => has(direction) || has(`${direction}Deny`));
  return {
    ...policy(identity),
    directions: isOne && directions.length > 0 ? directions : bothDirections,
    requirements: isOne ? ciliumRequirements(child(spec, "endpointSelector")) : [],
  };
}

/** Labels of the pod itself, with or without the `k8s:` that says where they are from. */
function ciliumRequirements(selector: Field): readonly SelectorRequirement[] {
  if (selector.node === undefined) return [];
  return readLabelSelector(selector).requirements.flatMap((requirement) => {
    const key = requirement.key.replace(/^(k8s:|any:)/, "");
    const isRead = requirement.values.length > 0 || !["In", "NotIn"].includes(requirement.operator);
    const isOfPod = isRead && !key.includes(":") && !key.startsWith("io.kubernetes.") && !key.startsWith("io.cilium.");
    return isOfPod ? [{ ...requirement, key }] : [];
  });
}

/** Selectors are texts in Calico's own language, of which comparisons joined by `&&` are read. */
function calicoPolicy(identity: PolicyIdentity, spec: Field): OtherPolicy {
  const types = items(child(spec, "types")).map((item) => readString(item));
  const directions = bothDirections.filter((direction) =>
    types.includes(direction === "ingress" ? "Ingress" : "Egress"),
  );
  return {
    ...policy(identity),
    directions: directions.length > 0 ? directions : bothDirections,
    requirements: calicoRequirements(readString(child(spec, "selector")) ?? ""),
  };
}

function calicoRequirements(selector: string): readonly SelectorRequirement[] {
  if (/\|\|/.test(selector)) return [];
  return selector.split("&&").flatMap((part): readonly SelectorRequirement[] => {
    const text = part.trim();
    const [, key, operator, single, double] = /^([\w./-]+)\s*(==|!=)\s*(?:'([^']*)'|"([^"]*)")$/.exec(text) ?? [];
    const value = single ?? double;
    if (key !== undefined && value !== undefined) {
      return [{ key, operator: operator === "==" ? "In" : "NotIn", values: [value] }];
    }
    const [, existing] = /^has\(\s*([\w./-]+)\s*\)$/.exec(text) ?? [];
    return existing === undefined ? [] : [{ key: existing, operator: "Exists", values: [] }];
  });
}

/** One in the mesh's root namespace, istio-system by default, is for every namespace. */
function istioPolicy(identity: Identity, spec: Field): OtherPolicy {
  const selector = descendant(spec, "selector");
  return {
    ...policy(identity.namespace === "istio-system" ? everywhere(identity) : identity),
    effect: "denies",
    directions: ["ingress"],
    requirements: selector.node === undefined ? [] : readLabelSelector(selector).requirements,
  };
}

function policy(identity: PolicyIdentity): OtherPolicy {
  return { role: "policy", ...identity, requirements: [], directions: bothDirections, effect: "allows-and-denies" };
}

/** An identity of a policy that is for every namespace. */
function everywhere({ apiVersion, kind, name, range }: Identity): Omit<Identity, "namespace"> {
  return { apiVersion, kind, name, range };
}
