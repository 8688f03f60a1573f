import {
  type Atom,
  type ConnectionSet,
  type LocalPod,
  type NodePlan,
  type RuleSet,
  cidrContains,
  compareAddresses,
  identityAt,
  isSubset,
} from "@podwall/engine";
import { families } from "./address-family.ts";
import { judgesOf } from "./judges-of.ts";
import { type LocalAddress, localAddresses } from "./local-addresses.ts";
import { podEntryChanges } from "./pod-changes.ts";

/**
 * Whether something that `before` allows may not be allowed by `after`, so that live connections must be looked at
 * again. It may say yes too often (then they are judged once more and go on), never no when it is yes.
 */
export function shrinks(before: NodePlan, after: NodePlan): boolean {
  const moved = movedIdentities(before, after);
  if (moved.length === 0 && before.localPods === after.localPods) return false;
  const judges = judgeChanges(before, after);
  if (judges === "lost") return true;
  const isKept = rememberedSubset();
  const isLost = ({ old, now }: JudgeChange, oldIdentity: string, newIdentity: string): boolean =>
    !isKept(allowed(old, oldIdentity), allowed(now, newIdentity));
  const isLostToStaying = (change: JudgeChange): boolean => {
    const { old, now } = change;
    // Whoever is in neither is allowed what all are.
    const listed = isKept(old.common, now.common)
      ? [old.byIdentity.keys(), now.byIdentity.keys()]
      : [before.identities];
    const stays = (key: string): boolean => before.identities.has(key) && after.identities.has(key);
    return listed.some((keys) => someOf(keys, (key) => stays(key) && isLost(change, key, key)));
  };
  return judges.some(
    (change) =>
      moved.some(([oldIdentity, newIdentity]) => isLost(change, oldIdentity, newIdentity)) ||
      // What a rule set allows an identity follows from the keys, so nothing changes where both stay.
      (change.old.key !== change.now.key && isLostToStaying(change)),
  );
}

function someOf<T>(items: Iterable<T>, isWanted: (item: T) => boolean): boolean {
  for (const item of items) if (isWanted(item)) return true;
  return false;
}

/** `isSubset` that is asked once of each pair: many identities are allowed the same. */
function rememberedSubset(): (part: ConnectionSet, whole: ConnectionSet) => boolean {
  const known = new Map<ConnectionSet, Map<ConnectionSet, boolean>>();
  return (part, whole) => {
    if (part === whole) return true;
    let answers = known.get(part);
    if (answers === undefined) known.set(part, (answers = new Map()));
    let answer = answers.get(whole);
    if (answer === undefined) answers.set(whole, (answer = isSubset(part, whole)));
    return answer;
  };
}

/** What judged a local address, and what judges it now. */
interface JudgeChange {
  readonly old: RuleSet;
  readonly now: RuleSet;
}

/**
 * Each rule set that judged a local address, with the one that judges it now, without repeats; those it no longer needs are
 * left out. "lost" when an address has another pod or link or none, or is newly isolated.
 */
function judgeChanges(before: NodePlan, after: NodePlan): readonly JudgeChange[] | "lost" {
  if (before.localPods === after.localPods) {
    return [...before.ruleSets.values()].map((old) => ({ old, now: after.ruleSets.get(old.key) as RuleSet }));
  }
  const changes = new Map<string, JudgeChange>();
  const add = (old: string, now: string): void => {
    const [oldRules, newRules] = [before.ruleSets.get(old) as RuleSet, after.ruleSets.get(now) as RuleSet];
    changes.set(old === now ? old : `${old}\0${now}`, { old: oldRules, now: newRules });
  };
  const stayed = new Set<LocalPod>();
  const owned = localAddresses(before);
  const owners = localAddresses(after);
  for (const [text, { pod }] of owned) {
    const owner = owners.get(text)?.pod;
    if (owner === pod) {
      stayed.add(pod);
      continue;
    }
    if (owner?.key !== pod.key || owner.interfaceName !== pod.interfaceName) return "lost";
    const judges = judgesOf(pod);
    for (const [index, now] of judgesOf(owner).entries()) {
      const old = judges[index];
      if (now === undefined) continue;
      if (old === undefined) return "lost";
      add(old, now);
    }
  }
  for (const pod of stayed) {
    for (const key of judgesOf(pod)) if (key !== undefined) add(key, key);
  }
  const arrived = [...owners].filter(([text]) => !owned.has(text));
  return arrived.some(([, local]) => wasOpen(before, local)) ? "lost" : [...changes.values()];
}

/** Whether an isolated pod's new address may have live connections: elsewhere than in a local range it was not quarantined. */
function wasOpen(before: NodePlan, { address, pod }: LocalAddress): boolean {
  const isJudged = judgesOf(pod).some((key) => key !== undefined);
  return isJudged && !before.localRanges.some((range) => cidrContains(range, address));
}

/** The identities of every address that has another than before, in pairs without repeats. */
function movedIdentities(before: NodePlan, after: NodePlan): readonly (readonly [old: string, now: string])[] {
  const pairs = new Map<string, Map<string, readonly [string, string]>>();
  for (const pair of identityPairs(before, after)) {
    const [old, now] = pair;
    if (old === now) continue;
    const others = pairs.get(old);
    if (others === undefined) pairs.set(old, new Map([[now, pair]]));
    else others.set(now, pair);
  }
  return [...pairs.values()].flatMap((others) => [...others.values()]);
}

function* identityPairs(before: NodePlan, after: NodePlan): Generator<readonly [old: string, now: string]> {
  for (const { before: had, after: has } of podEntryChanges(before.podIdentities, after.podIdentities)) {
    if (had !== undefined) yield [had.identity, has?.identity ?? identityAt(after, had.address)];
    else if (has !== undefined) yield [identityAt(before, has.address), has.identity];
  }
  for (const family of families) {
    if (before.atoms[family] !== after.atoms[family]) yield* overlaps(before.atoms[family], after.atoms[family]);
  }
}

/** Identities of two coverings of the same addresses, where they lie over each other. */
function* overlaps(before: readonly Atom[], after: readonly Atom[]): Generator<readonly [old: string, now: string]> {
  let i = 0;
  let j = 0;
  while (i < before.length && j < after.length) {
    const old = before[i] as Atom;
    const now = after[j] as Atom;
    yield [old.identity, now.identity];
    const order = compareAddresses(old.last, now.last);
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
}

function allowed(rules: RuleSet, identity: string): ConnectionSet {
  return rules.byIdentity.get(identity) ?? rules.common;
}
