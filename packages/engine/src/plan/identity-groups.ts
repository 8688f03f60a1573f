import type { PodClass } from "../evaluate/fast/pod-class.ts";
import type { PodSample } from "../evaluate/fast/sample.ts";
import type { Family } from "../net/address.ts";
import { type Asked, sameSoFar } from "./identity.ts";

/** Pods of a class by one of their addresses. */
export interface Member {
  readonly podClass: PodClass;
  readonly family: Family;
}

/** A member, and all that is asked and true of it: undefined where it is not there any more. */
export interface Answer extends Member {
  readonly answers: string | undefined;
}

interface Group {
  readonly identity: string;
  answers: string;
  /** One of the members, once it was asked for. */
  sample?: PodSample | undefined;
  readonly members: Set<MemberId>;
}

/** What of one group goes the same way. */
interface Part {
  readonly answers: string;
  readonly members: Map<MemberId, Member>;
}

/**
 * Pods that answer alike, each group under a name that stays as long as there is somebody in it. When something new is asked
 * and all of a group answer alike, nothing changes; else most of it keep the name, and the others go. Groups that came to answer
 * alike, because something is not asked any more, stay two until they are merged.
 *
 * So a name means the same to every rule that is there before and after: what a member answers to a question that is
 * asked on, it answers for as long as it has that name.
 */
export class IdentityGroups {
  /** In all names: those of another series may mean something else. */
  readonly #series: string;
  /** Names that may still be in use somewhere, until `nextPlan`. */
  readonly #givenUp = new Set<string>();
  readonly #byIdentity = new Map<string, Group>();
  readonly #byAnswers = new Map<string, Set<Group>>();
  readonly #of = new Map<MemberId, { readonly group: Group; readonly member: Member }>();
  #numbered = 0;

  constructor(series: string) {
    this.#series = series;
  }

  identityOf({ podClass, family }: Member): string | undefined {
    return this.#of.get(idOf({ podClass, family }))?.group.identity;
  }

  /** Somebody of an identity. The same object while that one is of it. */
  sampleOf(identity: string): PodSample | undefined {
    const group = this.#byIdentity.get(identity);
    if (group === undefined) return undefined;
    if (group.sample === undefined) {
      const [id] = group.members;
      if (id === undefined) return undefined;
      const { podClass, family } = this.#memberOf(id);
      group.sample = { kind: "pods", podClass, family };
    }
    return group.sample;
  }

  /** Every plan so far is done with: names that are in none may be given again. */
  nextPlan(): void {
    this.#givenUp.clear();
  }

  /** Takes in what members answer now, where that is another answer than before; gives those that have another identity. */
  follow(changed: readonly Answer[], before: Asked, asked: Asked): readonly Member[] {
    const isSame = sameSoFar(before, asked);
    const moved: { readonly member: Member; readonly answers: string }[] = [];
    const leaving = new Map<Group, Map<string, Part>>();
    for (const { answers, ...member } of changed) {
      const id = idOf(member);
      const group = this.#of.get(id)?.group;
      if (group === undefined) {
        if (answers !== undefined) moved.push({ member, answers });
      } else if (answers === undefined) {
        this.#leave(id, group);
      } else if (!isSame(group.answers, answers)) {
        this.#leave(id, group);
        moved.push({ member, answers });
      } else {
        const parts = entry(leaving, group, () => new Map<string, Part>());
        entry(parts, answers, () => ({ answers, members: new Map<MemberId, Member>() })).members.set(id, member);
      }
    }
    for (const [group, parts] of leaving) {
      for (const { answers, members } of this.#divide(group, parts)) {
        for (const [id, member] of members) {
          this.#leave(id, group);
          moved.push({ member, answers });
        }
      }
    }
    for (const { member, answers } of moved) this.#join(member, this.#groupOf(answers));
    return moved.map(({ member }) => member);
  }

  /** Makes one group of all that answer alike; gives the members that have another identity then. */
  merge(): readonly Member[] {
    const moved: Member[] = [];
    for (const groups of this.#byAnswers.values()) {
      const [largest, ...others] = [...groups].sort((a, b) => b.members.size - a.members.size);
      for (const group of others) {
        for (const id of group.members) {
          const member = this.#memberOf(id);
          this.#leave(id, group);
          this.#join(member, largest as Group);
          moved.push(member);
        }
      }
    }
    return moved;
  }

  /** The part of a group with most pods keeps its name: gives the others. */
  #divide(group: Group, parts: ReadonlyMap<string, Part>): readonly Part[] {
    const going = [...parts.values()];
    const [largest] = going.sort((a, b) => podsOf(b) - podsOf(a)) as [Part, ...Part[]];
    const staying = this.#podsIn(group) - going.reduce((sum, part) => sum + podsOf(part), 0);
    if (staying >= podsOf(largest)) return going;
    const stay: Part = { answers: group.answers, members: new Map() };
    for (const id of group.members) {
      if (!going.some(({ members }) => members.has(id))) stay.members.set(id, this.#memberOf(id));
    }
    this.#answer(group, largest.answers);
    return [stay, ...going.slice(1)];
  }

  #podsIn({ members }: Group): number {
    let pods = 0;
    for (const id of members) pods += this.#memberOf(id).podClass.pods.size;
    return pods;
  }

  #memberOf(id: MemberId): Member {
    return (this.#of.get(id) as { readonly member: Member }).member;
  }

  #groupOf(answers: string): Group {
    const [known] = this.#byAnswers.get(answers) ?? [];
    if (known !== undefined) return known;
    let identity = [answers, this.#series].join("\n");
    while (this.#byIdentity.has(identity) || this.#givenUp.has(identity)) {
      identity = [answers, this.#series, ++this.#numbered].join("\n");
    }
    const group: Group = { identity, answers, members: new Set() };
    this.#byIdentity.set(identity, group);
    entry(this.#byAnswers, answers, () => new Set<Group>()).add(group);
    return group;
  }

  #join(member: Member, group: Group): void {
    const id = idOf(member);
    group.members.add(id);
    this.#of.set(id, { group, member });
  }

  #leave(id: MemberId, group: Group): void {
    group.members.delete(id);
    if (group.sample !== undefined && idOf(group.sample) === id) group.sample = undefined;
    this.#of.delete(id);
    if (group.members.size > 0) return;
    this.#byIdentity.delete(group.identity);
    this.#givenUp.add(group.identity);
    this.#unlist(group);
  }

  /** A group answers otherwise. */
  #answer(group: Group, answers: string): void {
    this.#unlist(group);
    group.answers = answers;
    entry(this.#byAnswers, answers, () => new Set<Group>()).add(group);
  }

  #unlist(group: Group): void {
    const others = this.#byAnswers.get(group.answers);
    others?.delete(group);
    if (others?.size === 0) this.#byAnswers.delete(group.answers);
  }
}

/** One number for each member. */
type MemberId = number;

function idOf({ podClass, family }: Member): MemberId {
  return podClass.id * 2 + (family === 4 ? 0 : 1);
}

function podsOf({ members }: Part): number {
  let pods = 0;
  for (const { podClass } of members.values()) pods += podClass.pods.size;
  return pods;
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
