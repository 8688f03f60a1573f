import { describe, expect, it } from "vitest";
import { defaultDevices, hostRoutes } from "./host-routes.ts";

const ipv4 = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
cali1\t0501F40A\t00000000\t0005\t0\t0\t0\tFFFFFFFF\t0\t0\t0
eth0\t0902F40A\t010011AC\t0007\t0\t0\t0\tFFFFFFFF\t0\t0\t0
`;
const none = "00000000000000000000000000000000";
const route6 = (destination: string, length: string, flags: string, device: string): string =>
  `${destination} ${length} ${none} 00 ${none} 00000400 00000001 00000000 ${flags} ${device}`;
const ipv6 = [
  route6("fd000010024400010000000000000005", "80", "00000001", "  cali1"),
  route6("fd000010024400010000000000000000", "40", "00000001", "  eth0"),
  route6("fe800000000000000000000000000001", "80", "80200001", "     lo"),
  "",
].join("\n");

describe("the routes to single addresses", () => {
  it("are those without a gateway, of both families", () => {
    expect([...hostRoutes(ipv4, ipv6)]).toEqual([
      ["10.244.1.5", "cali1"],
      ["fd00:10:244:1::5", "cali1"],
    ]);
  });

  it("are none in empty tables", () => {
    expect(hostRoutes("", "").size).toBe(0);
  });

  it("are told from the default route", () => {
    expect(defaultDevices(ipv4)).toEqual(["eth0"]);
  });
});
