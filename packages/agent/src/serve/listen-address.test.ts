import { describe, expect, it } from "vitest";
import { isLoopback, parseListenAddress } from "./listen-address.ts";

describe("where the endpoints listen", () => {
  it("is an address and a port", () => {
    expect(parseListenAddress("127.0.0.1:9464")).toEqual({ host: "127.0.0.1", port: 9464 });
    expect(parseListenAddress("[::]:80")).toEqual({ host: "::", port: 80 });
    for (const bad of ["", "9464", ":9464", "localhost:9464", "::1:80", "1.2.3.4:65536", "[1.2.3.4]:80", "127.1:80"])
      expect(parseListenAddress(bad)).toBeUndefined();
  });

  it("is this machine alone where it is loopback", () => {
    const loopback = ["127.0.0.1:1", "127.9.9.9:1", "[::1]:1"];
    const open = ["0.0.0.0:1", "[::]:1", "10.0.0.1:1", "[::ffff:127.0.0.1]:1"];
    const isLoop = (text: string): boolean => isLoopback(parseListenAddress(text) ?? { host: "?", port: 0 });
    expect(loopback.map(isLoop)).toEqual([true, true, true]);
    expect(open.map(isLoop)).toEqual([false, false, false, false]);
  });
});
