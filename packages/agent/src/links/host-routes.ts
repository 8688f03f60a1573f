import { formatAddress, parseAddress } from "@podwall/engine";

/** The interface of every route to a single address, by address text. */
export type HostRoutes = ReadonlyMap<string, string>;

const up = 1;
const byGateway = 2;

/**
 * Reads the routes to single addresses out of the kernel's tables `/proc/net/route` and `/proc/net/ipv6_route`, the main
 * ones. They say by which link a node reaches each pod that has one of its own.
 */
export function hostRoutes(ipv4Table: string, ipv6Table: string): HostRoutes {
  const routes = new Map<string, string>();
  for (const line of ipv4Table.split("\n").slice(1)) {
    const [device = "", destination = "", , flags = "", , , , mask = ""] = line.trim().split(/\s+/);
    if (mask === "FFFFFFFF" && isDirect(flags)) add(routes, ipv4Text(destination), device);
  }
  for (const line of ipv6Table.split("\n")) {
    const fields = line.trim().split(/\s+/);
    const [destination = "", length = "", , , , , , , flags = "", device = ""] = fields;
    // The node's own addresses have such routes too, by "lo".
    if (length === "80" && isDirect(flags) && device !== "lo") add(routes, ipv6Text(destination), device);
  }
  return routes;
}

/** The interface of the IPv4 default route, which is no pod's. */
export function defaultDevices(ipv4Table: string): readonly string[] {
  return ipv4Table
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, destination, , , , , , mask]) => destination === "00000000" && mask === "00000000")
    .map(([device = ""]) => device);
}

function isDirect(flags: string): boolean {
  const bits = Number.parseInt(flags, 16);
  return (bits & up) !== 0 && (bits & byGateway) === 0;
}

function add(routes: Map<string, string>, text: string, device: string): void {
  const address = parseAddress(text);
  if (address !== undefined) routes.set(formatAddress(address), device);
}

/** The kernel writes the number as the processor has it: lowest byte first on all that Kubernetes runs on but s390x. */
function ipv4Text(hex: string): string {
  const bytes = hex.match(/../g) ?? [];
  return bytes
    .reverse()
    .map((byte) => Number.parseInt(byte, 16))
    .join(".");
}

function ipv6Text(hex: string): string {
  return (hex.match(/..../g) ?? []).join(":");
}
