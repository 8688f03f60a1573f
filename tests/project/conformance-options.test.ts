import { describe, expect, it } from "vitest";
import { optionsOf } from "../../scripts/conformance/options.mjs";

describe("what npm run conformance is asked for", () => {
  const settings = (...args: string[]) => optionsOf(args)?.settings;

  it("is all suites on two nodes, and on one node those that need no second", () => {
    expect(settings()).toMatchObject({
      suites: ["install", "doctor", "probe", "corners", "network-policy", "cyclonus", "cluster-network-policy"],
      nodes: 2,
      share: "usual",
      rounds: 1,
    });
    expect(settings("--nodes", "1")?.suites).toEqual([
      "install",
      "doctor",
      "probe",
      "corners",
      "network-policy",
      "cyclonus",
    ]);
    expect(settings("--suite", "cluster-network-policy", "--suite", "install")?.suites).toEqual([
      "install",
      "cluster-network-policy",
    ]);
    expect(settings("--without-agent")?.suites).toEqual([
      "doctor",
      "probe",
      "corners",
      "network-policy",
      "cyclonus",
      "cluster-network-policy",
    ]);
    expect(optionsOf(["--help"])).toBeUndefined();
  });

  it.each([
    [
      ["--suite", "netpol"],
      /write install or doctor or probe or corners or network-policy or cyclonus or cluster-network-policy/,
    ],
    [["--nodes", "3"], /write 1 or 2/],
    [["--nodes", "1", "--suite", "cluster-network-policy"], /needs --nodes 2/],
    [["--cni", "calico"], /write ptp or bridge/],
    [["--rounds", "0"], /write a number from 1 to 999/],
    [["--focus", "("], /not a regular expression/],
    [["--without-agent", "--suite", "install"], /leave out --without-agent/],
    [["--nodse", "2"], /npm run conformance/],
  ])("is refused as wrong usage: %j", (args, message) => {
    expect(() => optionsOf(args)).toThrow(message);
    expect(() => optionsOf(args)).toThrow(expect.objectContaining({ exitCode: 2 }));
  });
});
