import { describe, expect, it } from "vitest";
import {
  allConnections,
  formatConnections,
  intersect,
  isEmpty,
  isSubset,
  noConnections,
  portsOf,
  subtract,
  union,
} from "./connection-set.ts";
import { allPorts } from "./port-set.ts";

const web = portsOf("TCP", [{ first: 80, last: 80 }]);
const dns = portsOf("UDP", [{ first: 53, last: 53 }]);

describe("a connection set", () => {
  it("has a text that says what it holds", () => {
    expect(formatConnections(noConnections)).toBe("none");
    expect(formatConnections(allConnections)).toBe("all");
    expect(formatConnections(union(dns, web))).toBe("TCP 80; UDP 53");
    expect(formatConnections(portsOf("SCTP", allPorts))).toBe("SCTP");
    expect(formatConnections({ ...allConnections, other: false })).toBe("TCP; UDP; SCTP");
    expect(formatConnections({ ...noConnections, other: true })).toBe("other");
  });

  it("keeps protocols apart", () => {
    expect(isEmpty(intersect(web, dns))).toBe(true);
    expect(formatConnections(subtract(union(web, dns), web))).toBe("UDP 53");
  });

  it("is part of another when nothing is left without that", () => {
    expect(isSubset(web, union(web, dns))).toBe(true);
    expect(isSubset(union(web, dns), web)).toBe(false);
    expect(isSubset({ ...noConnections, other: true }, { ...allConnections, other: false })).toBe(false);
  });
});
