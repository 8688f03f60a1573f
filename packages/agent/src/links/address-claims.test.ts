import { describe, expect, it } from "vitest";
import { FollowedPods, type Pod, SharedMap, parseAddress, podKey } from "@podwall/engine";
import { AddressClaims, holdMs } from "./address-claims.ts";

function pod(name: string, address: string, more: Partial<Pod> = {}): Pod {
  const parsed = parseAddress(address);
  return {
    kind: "Pod",
    namespace: "shop",
    name,
    labels: new Map(),
    node: "n",
    hostNetwork: false,
    completed: false,
    addresses: parsed === undefined ? [] : [parsed],
    ports: [],
    ...more,
  };
}

/** Claims that are told of the pods that there are. */
class ToldClaims extends AddressClaims {
  readonly #pods = new FollowedPods("n");

  tell(pods: readonly Pod[], uids: ReadonlyMap<string, string>, now: number): void {
    this.update(this.#pods.follow(SharedMap.empty<Pod>().with(pods.map((pod) => [podKey(pod), pod]))), uids, now);
  }
}

const none: ReadonlyMap<string, string> = new Map();
const [old, fresh] = [pod("old", "10.0.0.1"), pod("fresh", "10.0.0.1")];

describe("the claims of addresses", () => {
  it("hold nobody whose address was nobody's", () => {
    const claims = new ToldClaims();
    claims.tell([old, pod("other", "10.0.0.2")], none, 0);
    expect(claims.heldUntil(old)).toBeUndefined();
    expect(claims.contested.size).toBe(0);
  });

  it("are contested while two pods have one, and held for a while after", () => {
    const claims = new ToldClaims();
    claims.tell([old], none, 0);
    claims.tell([old, fresh], none, 10);
    expect(claims.contested).toEqual(new Set([old, fresh]));
    expect(claims.heldUntil(fresh)).toBe(10 + holdMs);
    claims.tell([fresh], none, 20);
    expect(claims.contested.size).toBe(0);
    expect(claims.heldUntil(fresh)).toBe(20 + holdMs);
    claims.tell([fresh], none, 20 + holdMs);
    expect(claims.heldUntil(fresh)).toBeUndefined();
  });

  it("are held where both changes were heard of at once", () => {
    const claims = new ToldClaims();
    claims.tell([old], none, 0);
    claims.tell([fresh], none, 10);
    expect(claims.heldUntil(fresh)).toBe(10 + holdMs);
  });

  it("are held where the address was nobody's for a moment, and where the new pod changes", () => {
    const claims = new ToldClaims();
    claims.tell([old], none, 0);
    claims.tell([], none, 10);
    claims.tell([fresh], none, 500);
    expect(claims.heldUntil(fresh)).toBe(10 + holdMs);
    const labelled = { ...fresh, labels: new Map([["app", "web"]]) };
    claims.tell([labelled], none, 600);
    expect(claims.heldUntil(labelled)).toBe(10 + holdMs);
  });

  it("are not held for the same pod, but for a later one of its name", () => {
    const claims = new ToldClaims();
    claims.tell([old], new Map([[podKey(old), "1"]]), 0);
    const changed = { ...old, labels: new Map([["app", "web"]]) };
    claims.tell([changed], new Map([[podKey(old), "1"]]), 10);
    expect(claims.heldUntil(changed)).toBeUndefined();
    const later = { ...old };
    claims.tell([later], new Map([[podKey(old), "2"]]), 20);
    expect(claims.heldUntil(later)).toBe(20 + holdMs);
  });

  it("end with a pod's work", () => {
    const claims = new ToldClaims();
    const done = { ...old, completed: true };
    claims.tell([done, fresh], none, 0);
    expect(claims.contested.size).toBe(0);
    claims.tell([old], none, 1);
    claims.tell([done, pod("late", "10.0.0.1")], none, 5);
    expect(claims.contested.size).toBe(0);
  });

  it("are counted at once for an address that three pods have in turn", () => {
    const claims = new ToldClaims();
    const third = pod("third", "10.0.0.1");
    claims.tell([old, fresh, third], none, 0);
    claims.tell([fresh, third], none, 1);
    expect(claims.contested).toEqual(new Set([fresh, third]));
    claims.tell([third], none, 2);
    expect(claims.heldUntil(third)).toBe(2 + holdMs);
  });
});
