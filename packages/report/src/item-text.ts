import {
  type LabelSelector,
  type PolicyPeer,
  type PolicyPort,
  type TierPeer,
  formatCidr,
  formatSelector,
} from "@podwall/engine";

/** `from[0]` or `ports[1]`, of `spec.ingress[2].from[0]`: what follows a line that names the rule. */
export function itemName({ path }: PolicyPeer | TierPeer | PolicyPort): string {
  return /(?:^|\.)([a-zA-Z]+\[\d+\])$/.exec(path)?.[1] ?? path;
}

/** `pods app=web of namespaces team=a`, `10.0.0.0/8 except 10.1.0.0/16`. */
export function peerText(peer: PolicyPeer): string {
  if (peer.kind === "ipBlock") {
    const except = peer.except.length === 0 ? "" : ` except ${peer.except.map(formatCidr).join(", ")}`;
    return `${formatCidr(peer.cidr)}${except}`;
  }
  const { podSelector, namespaceSelector } = peer;
  const where = namespaceSelector === undefined ? "the policy's namespace" : selected("namespace", namespaceSelector);
  return `${podSelector === undefined ? "every pod" : selected("pod", podSelector)} of ${where}`;
}

/** What a peer of a tier's rule says, as `peerText`. */
export function tierPeerText(peer: TierPeer): string {
  switch (peer.kind) {
    case "selected-pods": {
      const { podSelector, namespaceSelector } = peer;
      const pods = podSelector === undefined ? "every pod" : selected("pod", podSelector);
      return `${pods} of ${selected("namespace", namespaceSelector)}`;
    }
    case "networks":
      return peer.networks.map(formatCidr).join(", ");
    case "nodes":
      return selected("node", peer.nodeSelector);
    case "domain-names":
      return peer.domainNames.join(", ");
    case "unknown":
      return "a peer that is not known";
  }
}

function selected(what: "pod" | "namespace" | "node", selector: LabelSelector): string {
  return selector.requirements.length === 0 ? `every ${what}` : `${what}s with ${formatSelector(selector)}`;
}

/** `TCP 80`, `UDP 8000-9000`, `TCP "http"`, `all TCP ports`. */
export function portText({ protocol, port }: PolicyPort): string {
  switch (port.kind) {
    case "all":
      return `all ${protocol} ports`;
    case "interval":
      return `${protocol} ${port.first === port.last ? port.first : `${port.first}-${port.last}`}`;
    case "named":
      return `${protocol} "${port.name}"`;
  }
}
