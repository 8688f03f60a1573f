import type { ApiObject } from "../../model/api-object.ts";
import type { OtherObject } from "../../model/other-object.ts";
import type { Diagnostic } from "../../source/diagnostic.ts";
import type { Finder } from "./finder.ts";
import { findingInput } from "./finding-input.ts";
import type { FindingInput } from "./input.ts";
import { addsNothing } from "./rules/adds-nothing.ts";
import { clusterAddresses } from "./rules/cluster-addresses.ts";
import { dnsCutOff } from "./rules/dns-cut-off.ts";
import { emptyEgress } from "./rules/empty-egress.ts";
import { exceptions } from "./rules/exceptions.ts";
import { hostNetworkSubjects } from "./rules/host-network.ts";
import { inertRules } from "./rules/inert-rules.ts";
import { matchesNothing } from "./rules/matches-nothing.ts";
import { metricsCutOff } from "./rules/metrics-cut-off.ts";
import { oneWayDeny } from "./rules/one-way-deny.ts";
import { openPods } from "./rules/open-pods.ts";
import { openToWorld } from "./rules/open-to-world.ts";
import { orTrap } from "./rules/or-trap.ts";
import { outsideCallers } from "./rules/outside-callers.ts";
import { portsAndEnds } from "./rules/ports-and-ends.ts";
import { portsOfNobody } from "./rules/ports-of-nobody.ts";
import { replyRules } from "./rules/reply-rules.ts";
import { selectsNothing } from "./rules/selects-nothing.ts";
import { tierOrder } from "./rules/tier-order.ts";

/** What an input has beside the objects that it is judged by. */
export interface BesideObjects {
  /** The kinds of objects that were passed over. */
  readonly ignored?: Iterable<string>;
  readonly others?: readonly OtherObject[];
}

/**
 * What is most likely not as it was meant in manifests that are valid, judged by evaluation over these objects. What they
 * leave out, such as pods that are in other files, is taken for unknown and not for missing; so are pods that controllers
 * of kinds that are not known may make.
 */
export function findMistakes(
  objects: readonly ApiObject[],
  { ignored = [], others = [] }: BesideObjects = {},
): readonly Diagnostic[] {
  const makers = others.flatMap(({ role, ...other }) => (role === "pods" && "kind" in other ? [other.kind] : []));
  const inputOf = (some: readonly ApiObject[]): FindingInput => findingInput(some, [...ignored, ...makers]);
  const input = inputOf(objects);
  if (input.policies.length + input.cluster.clusterPolicies.length === 0) return [];
  // Policies of network plugins may allow what NetworkPolicies do not, or isolate pods that these do not.
  const hasOthers = others.some(({ role }) => role === "policy");
  const ends: Finder = hasOthers ? portsOfNobody : () => portsAndEnds(objects, input, inputOf);
  return [...finders, ends, ...(hasOthers ? [] : unlessAllowedOtherwise)].flatMap((find) => [...find(input)]);
}

/** What is true only where nothing else allows or isolates. */
const unlessAllowedOtherwise: readonly Finder[] = [dnsCutOff, openPods, outsideCallers, metricsCutOff];

const finders: readonly Finder[] = [
  orTrap,
  oneWayDeny,
  inertRules,
  emptyEgress,
  selectsNothing,
  matchesNothing,
  clusterAddresses,
  exceptions,
  openToWorld,
  hostNetworkSubjects,
  addsNothing,
  replyRules,
  tierOrder,
];
