import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ResourceState } from "./resource-state.ts";
import type { WatchEvent } from "./watch-event.ts";

interface Pod {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly resourceVersion: string };
  readonly ip: string;
}

function pod(name: string, version: number | string, ip = "10.0.0.1"): Pod {
  return { metadata: { name, namespace: "a", resourceVersion: String(version) }, ip };
}

function newState() {
  const events: WatchEvent<string>[] = [];
  const state = new ResourceState<string>(
    (object) => {
      const ip = object["ip"];
      if (ip === "bad") throw new Error("ip is bad");
      return ip === "" ? undefined : String(ip);
    },
    (event) => events.push(event),
  );
  const list = (pods: readonly Pod[], version: string) => {
    state.beginList();
    for (const object of pods) state.takeItem({ kind: "item", bytes: Buffer.from(JSON.stringify(object)) });
    state.endList(version);
  };
  const watch = (type: string, object: unknown) =>
    state.takeLine({ kind: "line", bytes: Buffer.from(JSON.stringify({ type, object })) });
  return { state, list, watch, told: () => events.splice(0) };
}

describe("the state of a resource", () => {
  it("tells of a list only when it is whole", () => {
    const { state, told } = newState();
    state.beginList();
    state.takeItem({ kind: "item", bytes: Buffer.from(JSON.stringify(pod("x", 1))) });
    expect(told()).toEqual([]);
    state.endList("2");
    expect(told()).toEqual([
      { kind: "changed", key: "a/x", object: "10.0.0.1" },
      { kind: "synced", objects: 1 },
    ]);
    expect(state.version).toBe("2");
  });

  it("tells of a later list what differs, removals first", () => {
    const { list, told } = newState();
    list([pod("same", 1), pod("changed", 2), pod("gone", 3, "10.0.0.3")], "4");
    told();
    list([pod("same", 1), pod("changed", 7, "10.0.0.9"), pod("new", 6, "10.0.0.3")], "8");
    expect(told()).toEqual([
      { kind: "removed", key: "a/gone" },
      { kind: "changed", key: "a/changed", object: "10.0.0.9" },
      { kind: "changed", key: "a/new", object: "10.0.0.3" },
      { kind: "synced", objects: 3 },
    ]);
  });

  it("changes nothing by a list that breaks off", () => {
    const { state, list, told } = newState();
    list([pod("x", 1), pod("y", 2)], "2");
    told();
    state.beginList();
    state.takeItem({ kind: "item", bytes: Buffer.from(JSON.stringify(pod("z", 3))) });
    state.dropList();
    list([pod("x", 1), pod("y", 2)], "5");
    expect(told()).toEqual([{ kind: "synced", objects: 2 }]);
  });

  it("follows events, and takes what decode does not want for gone", () => {
    const { list, watch, told, state } = newState();
    list([pod("x", 1)], "1");
    told();
    watch("ADDED", pod("y", 2));
    watch("MODIFIED", pod("x", 3, ""));
    watch("MODIFIED", pod("x", 4, ""));
    watch("DELETED", pod("y", 5));
    watch("BOOKMARK", { metadata: { resourceVersion: "9" } });
    expect(told()).toEqual([
      { kind: "changed", key: "a/y", object: "10.0.0.1" },
      { kind: "removed", key: "a/x" },
      { kind: "removed", key: "a/y" },
      { kind: "heard" },
    ]);
    expect(state.version).toBe("9");
  });

  it("reports an object that cannot be read by name, and when it goes", () => {
    const { state, list, watch, told } = newState();
    list([pod("x", 1, "bad")], "1");
    expect(told()).toEqual([
      { kind: "unreadable", key: "a/x", why: "ip is bad" },
      { kind: "synced", objects: 1 },
    ]);
    const start = Buffer.from('{"type":"MODIFIED","object":{"metadata":{"name":"x","namespace":"a","labels":{"');
    state.takeLine({ kind: "cut", start });
    state.takeLine({ kind: "line", bytes: Buffer.concat([start, Buffer.from([0xff]), Buffer.from('"}}}')]) });
    watch("DELETED", pod("x", 5));
    expect(told()).toEqual([
      { kind: "unreadable", key: "a/x", why: "it is too long" },
      { kind: "unreadable", key: "a/x", why: "it is not UTF-8" },
      { kind: "removed", key: "a/x" },
    ]);
  });

  it("refuses what it cannot name, rather than to leave it out", () => {
    const { state, list, watch } = newState();
    list([], "1");
    expect(() => watch("ADDED", { metadata: { namespace: "a", resourceVersion: "2" } })).toThrow("cannot be named");
    expect(() => watch("ADDED", null)).toThrow("cannot be named");
    expect(() => watch("SUNG", pod("x", 2))).toThrow("SUNG");
    expect(() => state.takeLine({ kind: "line", bytes: Buffer.from("<html>") })).toThrow("cannot be read");
    expect(() => watch("BOOKMARK", {})).toThrow("without a version");
  });

  it("notices that the server went back in time, and then trusts no version it knew", () => {
    const { list, watch, told } = newState();
    list([pod("x", 5)], "9");
    told();
    expect(() => watch("MODIFIED", pod("x", 7))).toThrow("backup");
    list([pod("x", 5, "10.0.0.5")], "6");
    expect(told()).toEqual([
      { kind: "changed", key: "a/x", object: "10.0.0.5" },
      { kind: "synced", objects: 1 },
    ]);
    expect(() => list([pod("x", 5)], "3")).toThrow("backup");
    list([pod("x", 5, "10.0.0.3")], "3");
    expect(told()).toEqual([
      { kind: "changed", key: "a/x", object: "10.0.0.3" },
      { kind: "synced", objects: 1 },
    ]);
  });

  it("leads from any state to any other by the difference alone", () => {
    const state = fc.dictionary(fc.constantFrom("p", "q", "r", "s", "t"), fc.nat({ max: 3 }));
    fc.assert(
      fc.property(fc.array(state, { maxLength: 6 }), (states) => {
        const { list, told } = newState();
        const seen = new Map<string, string>();
        for (const [index, wanted] of states.entries()) {
          // The version says all there is, as in the API.
          list(
            Object.entries(wanted).map(([name, version]) => pod(name, version + 1, `10.0.0.${version}`)),
            String(index + 1),
          );
          for (const event of told()) {
            if (event.kind === "changed") {
              expect(seen.get(event.key)).not.toBe(event.object);
              seen.set(event.key, event.object);
            } else if (event.kind === "removed") expect(seen.delete(event.key)).toBe(true);
          }
          const expected = Object.entries(wanted).map(([name, version]) => [`a/${name}`, `10.0.0.${version}`]);
          expect([...seen].toSorted()).toEqual(expected.toSorted());
        }
      }),
    );
  });
});
