import { expect, it } from "vitest";
import { crowdShare } from "./crowd-share.ts";
import type { Phase } from "./scale-row.ts";

const phase = (apiCpu: number, writes: number): Phase => ({
  changes: { podsReplaced: 0, podsRelabelled: 0, policiesChanged: 0, namespacesRelabelled: 0, writes, seconds: 10 },
  apiCpu,
  agentCpu: 0,
  megabytes: 0,
});

it("takes the middle of what turns say that a watcher costs, each against its own other half", () => {
  const turns = [
    { alone: phase(2, 100), together: phase(3, 100), events: 10_000 },
    // A busy machine makes both dearer, and one of them had more to do.
    { alone: phase(4, 100), together: phase(10, 200), events: 20_000 },
    { alone: phase(2, 100), together: phase(8, 100), events: 10_000 },
  ];
  expect(crowdShare({ watchers: 100, turns })).toEqual({ median: 1e-4, min: 1e-4, max: 6e-4 });
});
