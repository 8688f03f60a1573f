import { describe, expect, it } from "vitest";
import { commonPrefix } from "./pod-links.ts";

describe("how pods' links are called", () => {
  it("is found by a plugin's way to name them", () => {
    expect(commonPrefix(["cali12ab", "cali99"], ["eth0"])).toBe("cali");
    expect(commonPrefix(["eni1"], ["ens5"])).toBe("eni");
  });

  it("is not guessed", () => {
    expect(commonPrefix([], [])).toBeUndefined();
    expect(commonPrefix(["cali1", "veth2"], [])).toBeUndefined();
    expect(commonPrefix(["eth1"], ["eth0"])).toBeUndefined();
  });

  it("is never the way out", () => {
    expect(commonPrefix(["veth1"], ["veth0"])).toBeUndefined();
  });
});
