import {
  type LabelMiss,
  type MissCause,
  type ServicePortMiss,
  formatCidr,
  formatRequirement,
  itemOf,
} from "@podwall/engine";
import { itemName, portText } from "./item-text.ts";
import { printable } from "./printable.ts";

/** `from[0]: the pod's label app is "carts", not cart; did you mean app=carts?` */
export function causeText(cause: MissCause): string {
  return printable(`${itemName(itemOf(cause))}: ${sentence(cause)}`);
}

function sentence(cause: MissCause): string {
  switch (cause.kind) {
    case "not-a-pod":
      return `selectors match pods only, and the peer is ${notAPod[cause.why]}`;
    case "other-namespace":
      return `matches pods of namespace ${cause.wanted} (a peer without namespaceSelector), and the peer is in ${cause.found}`;
    case "namespace-label":
      return labelSentence("namespace", cause);
    case "pod-label":
      return labelSentence("pod", cause);
    case "no-address":
      return `no known address of the peer is in ${formatCidr(cause.peer.cidr)}`;
    case "outside-block":
      return `the peer's address is not in ${formatCidr(cause.peer.cidr)}`;
    case "excepted":
      return `the peer's address is in ${formatCidr(cause.peer.cidr)}, but in the exception ${formatCidr(cause.except)}`;
    case "other-protocol":
      return `allows ${portText(cause.item)}`;
    case "other-port":
      return `allows ${portText(cause.item)}${servicePortHint(cause.servicePort)}`;
    case "other-named-port":
      return `allows ${portText(cause.item)}, which is ${cause.numbers.join(", ")} there`;
    case "undeclared-name":
      return undeclared(cause);
  }
}

const notAPod = {
  address: "an address that is no pod's",
  hostNetwork: "a hostNetwork pod, whose traffic is its node's",
  completed: "a pod that has ended",
} as const;

function labelSentence(whose: "pod" | "namespace", { requirement, found, near }: LabelMiss): string {
  const { key, operator } = requirement;
  const has = found === undefined ? `has no label ${key}` : `has ${key}=${found}`;
  const hint = near === undefined ? "" : `; did you mean ${near.key}=${near.value}?`;
  const wanted = operator === "DoesNotExist" ? `no label ${key}` : formatRequirement(requirement);
  return `wants ${wanted}, and the peer's ${whose === "pod" ? "pod" : "namespace"} ${has}${hint}`;
}

function servicePortHint(miss: ServicePortMiss | undefined): string {
  if (miss === undefined) return "";
  const { namespace, name, port, targetPort } = miss;
  return `; ${port} is the port of Service ${namespace}/${name}, and rules are about the pod's own, ${targetPort}`;
}

function undeclared(cause: Extract<MissCause, { kind: "undeclared-name" }>): string {
  const wanted = portText(cause.item);
  if (cause.declared === undefined)
    return `allows ${wanted}, and only pods with a network of their own have port names`;
  const names = cause.declared.length === 0 ? "no port names" : cause.declared.join(", ");
  return `allows ${wanted}, and the destination declares ${names}`;
}
