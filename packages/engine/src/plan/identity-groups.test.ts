import { describe, expect, it } from "vitest";
import type { PodClass } from "../evaluate/fast/pod-class.ts";
import type { PodQuestion } from "../evaluate/fast/question-index.ts";
import type { Asked } from "./identity.ts";
import { IdentityGroups, type Member } from "./identity-groups.ts";

/** A class of so many pods. */
function podClass(id: number, pods = 1): PodClass {
  const addresses = { id: 0, members: new Set<number>() };
  return {
    id,
    namespace: "shop",
    labels: new Map(),
    ports: [],
    askedPorts: "",
    pods: { size: pods } as PodClass["pods"],
    addresses: { none: addresses, first: addresses, 4: addresses, 6: addresses },
  };
}

const questions = new Map<string, PodQuestion>();

function question(key: string): PodQuestion {
  const known = questions.get(key) ?? ({ predicate: { key } } as PodQuestion);
  questions.set(key, known);
  return known;
}

const asking = (...keys: string[]): Asked => ({
  pods: new Map(keys.map((key) => [question(key), key])),
  addresses: new Map(),
  named: new Map(),
});

const [one, two, three] = [podClass(1), podClass(2), podClass(3, 9)];
const says = (which: PodClass, ...answers: string[]) => ({
  podClass: which,
  family: 4 as const,
  answers: answers.join("\n"),
});
const classesOf = (members: readonly Member[]) => members.map((member) => member.podClass.id).sort();
const nameOf = (groups: IdentityGroups, which: PodClass) => groups.identityOf({ podClass: which, family: 4 });

/** Three classes of which all answer q with yes. */
function grouped(): IdentityGroups {
  const groups = new IdentityGroups("pods");
  groups.follow([says(one, "q"), says(two, "q"), says(three, "q")], asking(), asking("q"));
  groups.nextPlan();
  return groups;
}

describe("groups of pods that answer alike", () => {
  it("are one at first", () => {
    const groups = grouped();
    expect(nameOf(groups, two)).toBe(nameOf(groups, one));
    expect(nameOf(groups, three)).toBe(nameOf(groups, one));
  });

  it("keep their name where all answer something new alike", () => {
    const groups = grouped();
    const name = nameOf(groups, one);
    const changed = [one, two, three].map((which) => says(which, "q", "r"));
    expect(groups.follow(changed, asking("q"), asking("q", "r"))).toEqual([]);
    expect(nameOf(groups, one)).toBe(name);
    // Who comes and answers the same has that name too, and who answers as they did before has another.
    groups.follow([says(podClass(4), "q", "r"), says(podClass(5), "q")], asking("q", "r"), asking("q", "r"));
    expect(nameOf(groups, podClass(4))).toBe(name);
    expect(nameOf(groups, podClass(5))).not.toBe(name);
  });

  it("leave the name to most of the pods where some answer something new otherwise", () => {
    const few = grouped();
    const name = nameOf(few, three);
    const yes = [says(one, "q", "r"), says(two, "q", "r")];
    expect(classesOf(few.follow(yes, asking("q"), asking("q", "r")))).toEqual([1, 2]);
    expect(nameOf(few, three)).toBe(name);
    const most = grouped();
    const all = [says(one, "q", "s"), says(three, "q", "r")];
    expect(classesOf(most.follow(all, asking("q"), asking("q", "r", "s")))).toEqual([1, 2]);
    expect(nameOf(most, three)).toBe(name);
  });

  it("are left by those who answer otherwise what was asked before", () => {
    const groups = grouped();
    const name = nameOf(groups, one);
    const changed = [one, two, three].map((which) => says(which));
    expect(classesOf(groups.follow(changed, asking("q"), asking("q")))).toEqual([1, 2, 3]);
    expect(nameOf(groups, one)).not.toBe(name);
    // Also where something new is asked at the same time.
    const others = grouped();
    const more = [one, two, three].map((which) => says(which, "r"));
    expect(classesOf(others.follow(more, asking("q"), asking("q", "r")))).toEqual([1, 2, 3]);
  });

  it("stay apart when what tells them apart is asked no more, until they are merged", () => {
    const groups = grouped();
    groups.follow([says(one, "q", "r")], asking("q"), asking("q", "r"));
    groups.nextPlan();
    expect(groups.follow([says(one, "q")], asking("q", "r"), asking("q"))).toEqual([]);
    expect(nameOf(groups, one)).not.toBe(nameOf(groups, three));
    expect(classesOf(groups.merge())).toEqual([1]);
    expect(nameOf(groups, one)).toBe(nameOf(groups, three));
    expect(groups.merge()).toEqual([]);
  });

  it("give no name of before to another meaning while plans with it may be in force", () => {
    const groups = grouped();
    const name = nameOf(groups, one);
    groups.follow(
      [one, two, three].map((which) => says(which, "q", "r")),
      asking("q"),
      asking("q", "r"),
    );
    groups.nextPlan();
    // All of them go, and somebody comes who answers as the name's first bearers did.
    const gone = [one, two, three].map((which) => ({ podClass: which, family: 4 as const, answers: undefined }));
    groups.follow([...gone, says(podClass(6), "q")], asking("q", "r"), asking("q", "r"));
    expect(nameOf(groups, podClass(6))).not.toBe(name);
    groups.nextPlan();
    groups.follow([says(podClass(7), "q", "r")], asking("q", "r"), asking("q", "r"));
    expect(groups.sampleOf(nameOf(groups, podClass(7)) as string)?.podClass.id).toBe(7);
  });
});
