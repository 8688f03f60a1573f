import { describe, expect, it } from "vitest";
import type { DoctorTest } from "./doctor-test.ts";
import { type Observation, judge } from "./judge.ts";
import { judgeFromOwnNode, judgeLive, judgeRemoved, judgeStartup } from "./judge-others.ts";
import { readRounds } from "../probing/read-rounds.ts";

const row: DoctorTest = { id: "a", title: "a", says: "a", reference: "a", probes: [] };
const leftOpen: DoctorTest = { ...row, isLeftOpen: true };

function observation(expected: "open" | "denied", ...[before, ...after]: readonly string[]): Observation {
  const probe = { number: 1, from: "client", to: "server", protocol: "tcp", port: 80, expected } as const;
  return { probe, path: "on one node", before, after };
}

describe("a row", () => {
  it("is ok where everything was open without policies, and is as expected with them", () => {
    const seen = [observation("open", "open", "open", "open"), observation("denied", "open", "TIMEOUT", "REFUSED")];
    expect(judge(row, seen, true)).toEqual({ verdict: "ok", seen: "2 of 2 connections so" });
  });

  it("is not where one connection is something else, and names it", () => {
    const seen = [observation("open", "open", "open", "open"), observation("denied", "open", "TIMEOUT", "open")];
    expect(judge(row, seen, true)).toEqual({
      verdict: "not",
      seen: "1 of 2 connections are not so; client to server, TCP 80 on one node: open, must be denied",
    });
    expect(judge(row, [observation("open", "open", "TIMEOUT", "TIMEOUT")], true).seen).toContain("must be open");
  });

  it("is unknown where there was no way without policies: denied means nothing then", () => {
    const seen = judge(row, [observation("denied", "OTHER", "OTHER", "OTHER")], true);
    expect(seen).toEqual({
      verdict: "unknown",
      seen: "could not be tried: without any policy, client to server, TCP 80: OTHER",
    });
    expect(judge(row, [observation("denied")], true).verdict).toBe("unknown");
    expect(judge(row, [observation("denied", "open", "TIMEOUT")], true).verdict).toBe("unknown");
    expect(judge(row, [], true).verdict).toBe("unknown");
  });

  it("that the API leaves open says what there is, and nothing where nothing is enforced", () => {
    const seen = [observation("denied", "open", "open", "open")];
    expect(judge(leftOpen, seen, true)).toEqual({ verdict: "open", seen: "client to server, TCP 80: open" });
    expect(judge(leftOpen, seen, false).verdict).toBe("unknown");
    const torn = [observation("denied", "open", "TIMEOUT", "open")];
    expect(judge(leftOpen, torn, true).seen).toContain("now open, now denied");
  });
});

describe("a log", () => {
  it("is its rounds that are over, whatever else stands there", () => {
    const log = "bash: no sleep\n1 7 open\n1 8 TIMEOUT\n1 over\n2 7 open\n9999999 1 open\n2 8\n";
    expect(readRounds(log)).toEqual([
      new Map([
        [7, "open"],
        [8, "TIMEOUT"],
      ]),
    ]);
  });
});

describe("what is no matter of new connections alone", () => {
  const open = readRounds("1 0 open\n1 over\n2 0 open\n2 over\n3 0 open\n3 over\n");
  const silent = readRounds("1 0 silent\n1 over\n2 0 silent\n2 over\n3 0 silent\n3 over\n");

  it("tells whether a live connection was cut", () => {
    expect(judgeLive(open, silent, true)).toMatchObject({ verdict: "open", seen: expect.stringContaining("cut") });
    expect(judgeLive(open, open, true)).toMatchObject({ verdict: "open", seen: expect.stringContaining("kept") });
    expect(judgeLive(open, open, false).verdict).toBe("unknown");
    expect(judgeLive(silent, silent, true).verdict).toBe("unknown");
  });

  it("tells whether one of the new pods ever got out", () => {
    expect(judgeStartup([silent, silent])).toMatchObject({ verdict: "ok", seen: expect.stringContaining("6 times") });
    expect(judgeStartup([silent, open]).verdict).toBe("not");
    expect(judgeStartup([silent, []]).verdict).toBe("unknown");
  });

  it("tells whether kubelet reaches a closed pod, and what a removed policy leaves", () => {
    expect(judgeFromOwnNode(true, true).verdict).toBe("ok");
    expect(judgeFromOwnNode(false, true).verdict).toBe("not");
    expect(judgeFromOwnNode(true, false).verdict).toBe("unknown");
    expect([judgeRemoved(true, true), judgeRemoved(true, false), judgeRemoved(false, true)]).toMatchObject([
      { verdict: "ok" },
      { verdict: "not" },
      { verdict: "unknown" },
    ]);
  });
});
