import { describe, expect, it } from "vitest";
import { connectionText } from "./connection.ts";
import { type Addresses, connectionsOf } from "./connections.ts";
import { pods, services } from "./objects.ts";

interface Named {
  readonly metadata: { readonly name: string };
}

const names = (objects: readonly object[]) => objects.map((object) => (object as Named).metadata.name);

function addresses({ nodes, families }: { readonly nodes: 1 | 2; readonly families: 1 | 2 }): Addresses {
  const [near, far] = [1, nodes].map((number) => ({ name: `node${number}`, address: `172.30.0.${number}` }));
  if (near === undefined || far === undefined) throw new Error("there are two");
  const all = [...names(pods({ near: near.name, far: far.name })), "heir"];
  return {
    near,
    far,
    pods: new Map(all.map((name, index) => [name, [`10.244.0.${index}`, `fd00::${index}`].slice(0, families)])),
    services: new Map(
      names(services()).map((name, index) => [name, { address: `10.96.0.${index}`, nodePort: 30_000 }]),
    ),
  };
}

describe("the connections of the suite corners", () => {
  it("have names of their own, and ends that are there", () => {
    for (const nodes of [1, 2] as const) {
      const all = connectionsOf(addresses({ nodes, families: 2 }));
      expect(new Set(all.map(connectionText)).size).toBe(all.length);
      for (const { address, port } of all) expect([address === "", port === 0]).toEqual([false, false]);
    }
  });

  it("need a second node for what is between nodes", () => {
    const shown = (nodes: 1 | 2) => connectionsOf(addresses({ nodes, families: 1 })).length;
    expect([shown(1), shown(2)]).toEqual([18, 25]);
  });

  it("are tried by a second family between pods and nodes, but not from outside, and not to Services", () => {
    const six = connectionsOf(addresses({ nodes: 2, families: 2 })).filter(({ address }) => address.includes(":"));
    expect(six.length).toBe(13);
    expect(six.every(({ from, toPod }) => from.kind !== "outside" && toPod !== undefined)).toBe(true);
  });
});
