import type { Endpoint } from "../../../evaluate/connection.ts";
import { portsOfRule } from "../../../evaluate/ports-of-rule.ts";
import { matchingPeer } from "../../../evaluate/reference-evaluator.ts";
import { tierDecision } from "../../../evaluate/tier-decision.ts";
import type { TierRule } from "../../../model/cluster-policy.ts";
import type { Direction, NetworkPolicy, PolicyRule } from "../../../model/network-policy.ts";
import { type Pod, isSamePod } from "../../../model/pod.ts";
import { intersect, isEmpty } from "../../../net/connection-set.ts";
import { predicateOf } from "../../../rules/predicate.ts";
import { diagnostic } from "../../../source/catalogue.ts";
import type { Diagnostic } from "../../../source/diagnostic.ts";
import { type FindingInput, mostPods } from "../input.ts";
import { rulesFor } from "../rule-reach.ts";
import { nameRange, placesOf, podsText, policyText } from "../words.ts";

/** Rules for pods of the input, all of whose connections the other end denies. */
export function* oneEndOnly(input: FindingInput): Iterable<Diagnostic> {
  for (const policy of input.policies) {
    for (const direction of ["egress", "ingress"] as const) {
      for (const rule of policy[direction]) {
        const denied = deniedAtOtherEnd(input, policy, direction, rule);
        if (denied === undefined) continue;
        const other = direction === "egress" ? "ingress" : "egress";
        const verb = direction === "egress" ? "lets none of it in" : "lets none of it out";
        const who = podsText(denied.others);
        const isGuess = isOfAnotherSet(policy, denied.policy);
        const guess = isGuess ? `; both are taken for namespace ${policy.namespace}, as none is written` : "";
        yield diagnostic(
          "PW3028",
          `${rule.path}: allowed here, but ${policyText(denied.policy)} ${verb} at ${who}${guess}`,
          {
            range: rule.range,
            severity: isGuess ? "info" : "warning",
            related: placesOf({ message: `isolates ${who} for ${other}`, range: nameRange(denied.policy) }),
            help: `allow it at the other end too, with a rule for ${other}, or remove this one`,
          },
        );
      }
    }
  }
}

/** Policies of two folders, neither of which names a namespace, may well be applied to different ones. */
function isOfAnotherSet(a: NetworkPolicy, b: NetworkPolicy): boolean {
  const folderOf = ({ range }: NetworkPolicy): string => range?.file.name.replace(/[^/\\]*$/, "") ?? "";
  const isUnnamed = [a, b].every(({ written }) => written?.namesNamespace === false);
  return isUnnamed && folderOf(a) !== folderOf(b);
}

/** So many pairs are tried; where none of more pairs was allowed, nothing is said. */
const most = 100;

interface Denied {
  readonly policy: NetworkPolicy;
  readonly others: readonly Pod[];
}

/** Set where the other end lets nothing of a rule through, for any pods of the input that it is about. */
export function deniedAtOtherEnd(
  input: FindingInput,
  policy: NetworkPolicy,
  direction: Direction,
  rule: PolicyRule,
): Denied | undefined {
  if (rule.peers.length === 0 || rule.peers.some(({ kind }) => kind === "ipBlock")) return undefined;
  const subjects = input.subjectsOf(policy);
  const other: Direction = direction === "egress" ? "ingress" : "egress";
  const others = new Set<Pod>();
  let tried = 0;
  for (const peer of rule.peers) {
    const predicate = predicateOf(peer, policy.namespace);
    if (predicate.kind !== "pods") return undefined;
    const pods = input.podsOf(predicate);
    if (pods.length >= mostPods) return undefined;
    for (const pod of pods) {
      // Where nothing isolates the other end, it allows all.
      if (input.isolating(pod, other).length === 0) return undefined;
      const byAddress = asksAddresses(input, pod, other);
      for (const subjectLike of subjects) {
        const alike = input.alike(subjectLike).filter((one) => !isSamePod(one, pod));
        // Pods that are alike but for their addresses may be judged differently by blocks.
        for (const subject of byAddress ? alike : alike.slice(0, 1)) {
          if (byAddress && subject.addresses.length === 0) return undefined;
          const state = passes(input, rule, direction, subject, pod);
          if (state === "something" || ++tried > most) return undefined;
          if (state === "nothing") others.add(pod);
        }
      }
    }
  }
  const [first] = others;
  const by = first && input.isolating(first, other).find(({ closedBecause }) => closedBecause === undefined);
  return by === undefined ? undefined : { policy: by, others: [...others] };
}

/** Whether what a pod allows may depend on the address of the other end. */
function asksAddresses({ isolating, cluster }: FindingInput, pod: Pod, direction: Direction): boolean {
  return (
    cluster.clusterPolicies.some((policy) => policy[direction].some(hasNetworks)) ||
    isolating(pod, direction).some((policy) =>
      policy[direction].some(({ peers }) => peers.some(({ kind }) => kind === "ipBlock")),
    )
  );
}

function hasNetworks({ peers }: TierRule): boolean {
  return peers.some(({ kind }) => kind === "networks");
}

type Passes = "something" | "nothing" | "no port";

/** What of a rule gets through between two pods; `no port` where it is about none there. */
function passes(input: FindingInput, rule: PolicyRule, direction: Direction, subject: Pod, peer: Pod): Passes {
  const self = end(subject);
  const destination = direction === "egress" ? end(peer) : self;
  const about = portsOfRule(rule.ports, destination);
  if (isEmpty(about)) return "no port";
  const other = direction === "egress" ? "ingress" : "egress";
  const isAllowed = rulesFor(input, peer, other).some(
    (owned) =>
      !isEmpty(intersect(about, portsOfRule(owned.rule.ports, destination))) &&
      matchingPeer(input.cluster, owned.policy, owned.rule, self).matches,
  );
  if (isAllowed || input.cluster.clusterPolicies.length === 0) return isAllowed ? "something" : "nothing";
  // What no rule allows, an Admin policy may.
  const question = { tier: "Admin", direction: other, subject: peer, peer: self, destination } as const;
  return isEmpty(intersect(about, tierDecision(input.cluster, question).accepted)) ? "nothing" : "something";
}

function end(pod: Pod): Endpoint {
  const [address] = pod.addresses;
  return address === undefined ? { kind: "pod", pod } : { kind: "pod", pod, address };
}
