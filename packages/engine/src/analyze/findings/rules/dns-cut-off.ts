import { namedPortNumbers } from "../listening.ts";
import type { NetworkPolicy, PolicyRule } from "../../../model/network-policy.ts";
import type { Pod } from "../../../model/pod.ts";
import { allows } from "../../../net/connection-set.ts";
import type { Protocol } from "../../../net/protocol.ts";
import { portsOfRule } from "../../../evaluate/ports-of-rule.ts";
import { diagnostic } from "../../../source/catalogue.ts";
import type { Diagnostic } from "../../../source/diagnostic.ts";
import type { FindingInput } from "../input.ts";
import { type OwnedRule, knownAddress, ruleAllows, rulesFor } from "../rule-reach.ts";
import { podsText } from "../words.ts";

/** Pods that may send something to somebody they would find by name, and may ask no DNS. */
export function* dnsCutOff(input: FindingInput): Iterable<Diagnostic> {
  if (input.cluster.clusterPolicies.some(acceptsDns)) return;
  const servers = dnsServers(input);
  const said = new Set<Pod>();
  for (const policy of input.policies) {
    const [rule] = policy.egress;
    if (rule === undefined) continue;
    const subjects = input.someSubjectsOf(policy).filter((pod) => !said.has(pod));
    const judged = subjects.map((pod) => ({ pod, missing: missingProtocols(input, pod, servers) }));
    const missing = judged.find((one) => one.missing.length > 0)?.missing;
    if (missing === undefined) continue;
    const pods = judged.filter((one) => one.missing.join() === missing.join()).map(({ pod }) => pod);
    for (const pod of pods) said.add(pod);
    yield cutOff({ policy, rule, pods, missing });
  }
}

interface CutOff {
  readonly policy: NetworkPolicy;
  readonly rule: PolicyRule;
  readonly pods: readonly Pod[];
  readonly missing: readonly Protocol[];
}

function cutOff({ rule, pods, missing }: CutOff): Diagnostic {
  const who = podsText(pods);
  const onlyTcp = missing.join() === "TCP";
  const what = missing.map((protocol) => `${protocol} 53`).join(" or ");
  return diagnostic("PW3002", `spec.egress: ${who} may send by these rules, but not ask DNS: no rule allows ${what}`, {
    range: rule.range,
    severity: onlyTcp ? "info" : "warning",
    help: onlyTcp
      ? "allow TCP 53 beside UDP 53: answers that do not fit one packet are asked for again over TCP"
      : "add a rule: to pods k8s-app=kube-dns of namespace kube-system (kubernetes.io/metadata.name), ports UDP 53 and TCP 53",
  });
}

/** By which of the two protocols of DNS a pod may ask nobody; none where it needs no names. */
function missingProtocols(input: FindingInput, pod: Pod, servers: readonly Pod[]): readonly Protocol[] {
  const rules = rulesFor(input, pod, "egress");
  const known = answers.get(rules);
  if (known !== undefined) return known;
  const missing = protocolsWithout(input, rules, servers);
  answers.set(rules, missing);
  return missing;
}

/** Many pods have the same rules. */
const answers = new WeakMap<readonly OwnedRule[], readonly Protocol[]>();

function protocolsWithout(
  input: FindingInput,
  rules: readonly OwnedRule[],
  servers: readonly Pod[],
): readonly Protocol[] {
  if (!rules.some(({ rule }) => needsNames(rule))) return [];
  return (["UDP", "TCP"] as const).filter(
    (protocol) => !rules.some((owned) => mayBeDns(input, owned, protocol, servers)),
  );
}

/** Whether whoever uses a rule first asks for a name: not so for DNS itself, and for single addresses. */
function needsNames({ ports, peers }: PolicyRule): boolean {
  const isDns = ports.length > 0 && ports.every(({ port }) => port.kind === "interval" && port.first === 53);
  if (isDns) return false;
  const isAddress = (prefix: number, family: number): boolean => prefix === (family === 4 ? 32 : 128);
  return (
    peers.length === 0 || peers.some((peer) => peer.kind === "pods" || !isAddress(peer.cidr.prefix, peer.cidr.family))
  );
}

/** Whether a rule lets a server be asked; where no server is in the input, anybody at DNS's port may be one. */
function mayBeDns(input: FindingInput, owned: OwnedRule, protocol: Protocol, servers: readonly Pod[]): boolean {
  const { rule } = owned;
  const hasBlocks = rule.peers.some(({ kind }) => kind === "ipBlock");
  if (servers.length > 0 && !hasBlocks) {
    return servers.some((pod) => {
      const end = { kind: "pod", pod } as const;
      const ports = [53, ...namedPortNumbers(pod, protocol, /dns/)];
      return ports.some((port) => ruleAllows(input, owned, end, { destination: end, protocol, port }));
    });
  }
  const byName = rule.ports.some(
    ({ port, protocol: own }) => own === protocol && port.kind === "named" && /dns/.test(port.name),
  );
  // CoreDNS listens on 5353 in OpenShift.
  const ports = portsOfRule(rule.ports, { kind: "address", address: knownAddress("0.0.0.0") });
  return byName || allows(ports, protocol, 53) || allows(ports, protocol, 5353);
}

function dnsServers(input: FindingInput): readonly Pod[] {
  return [
    ...input.podsWith("k8s-app", "kube-dns"),
    ...input.podsWith("k8s-app", "coredns"),
    ...input.podsWith("app.kubernetes.io/name", "coredns"),
  ];
}

/** An Admin rule may let pods ask DNS; which pods and servers is then not looked into. */
function acceptsDns({ tier, egress }: FindingInput["cluster"]["clusterPolicies"][number]): boolean {
  const somewhere = { kind: "address", address: knownAddress("0.0.0.0") } as const;
  return (
    tier === "Admin" &&
    egress.some(({ action, ports }) => action === "Accept" && allows(portsOfRule(ports, somewhere), "UDP", 53))
  );
}
