import { systemClock } from "@podwall/kube";
import { describe, expect, it } from "vitest";
import { BypassWatch } from "./bypass-watch.ts";
import type { NodeNetwork } from "./node-network.ts";

const quiet: NodeNetwork = {
  interfaces: ["lo", "eth0"],
  bridges: new Map(),
  bridgesKnown: true,
  connected: [],
  bridgeFilter: undefined,
  virtualServers: "",
  flowtables: "",
};

describe("the watch for ways past the rules", () => {
  it("says once what it finds and when it is gone, and holds nothing against what is ignored", async () => {
    let network: NodeNetwork = { ...quiet, interfaces: ["lo", "kube-ipvs0"] };
    const said: string[] = [];
    const watch = (ignored: readonly "ipvs"[]): BypassWatch =>
      new BypassWatch({
        places: async () => ({ ranges: [], interfacePrefix: undefined }),
        ignored: new Set(ignored),
        read: async () => network,
        clock: systemClock,
        log: (level, message) => said.push(`${level}: ${message}`),
      });
    const strict = watch([]);
    expect(await strict.look()).toMatchObject([{ kind: "ipvs" }]);
    await strict.look();
    expect(strict.found.length).toBe(1);
    const lax = watch(["ipvs"]);
    expect(await lax.look()).toEqual([]);
    network = quiet;
    expect(await strict.look()).toEqual([]);
    const found = "kube-proxy is in IPVS mode (there is kube-ipvs0)";
    expect(said).toEqual([`error: ${found}`, `warn: ${found}`, "info: no way past the rules any more"]);
  });

  it("says where it cannot see bridges", async () => {
    const said: string[] = [];
    const watch = new BypassWatch({
      places: async () => ({ ranges: [], interfacePrefix: undefined }),
      ignored: new Set(),
      read: async () => ({ ...quiet, bridgesKnown: false }),
      clock: systemClock,
      log: (_, message) => said.push(message),
    });
    await watch.look();
    await watch.look();
    expect(said).toEqual([expect.stringContaining("/sys")]);
  });
});
