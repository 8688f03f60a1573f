import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ends, port } from "./variants.ts";

const run = promisify(execFile);

/** A node with two pods: network namespaces of this process's own, gone with it. */
export interface Room {
  /** How to start a program on the node. */
  readonly onNode: readonly string[];
  readonly interfaces: Readonly<Record<keyof typeof ends, string>>;
  /** Makes so many connections one after the other, and gives how long each took, in nanoseconds. */
  connect(times: number): Promise<readonly number[]>;
}

/** Opens a connection, and closes it by a reset, so that no port stays in use. Prints nanoseconds, one a line. */
const client = `
use strict; use Socket; use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);
my ($address, $port, $times) = @ARGV;
my $to = sockaddr_in($port, inet_aton($address));
my $linger = pack("ii", 1, 0);
for (1 .. $times) {
  socket(my $socket, PF_INET, SOCK_STREAM, 0) or die $!;
  setsockopt($socket, SOL_SOCKET, SO_LINGER, $linger) or die $!;
  my $began = clock_gettime(CLOCK_MONOTONIC);
  connect($socket, $to) or die "no connection: $!";
  my $done = clock_gettime(CLOCK_MONOTONIC);
  print int(($done - $began) * 1e9), "\\n";
  close($socket);
}`;

const server = `
use strict; use Socket;
socket(my $socket, PF_INET, SOCK_STREAM, 0) or die $!;
setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1);
bind($socket, sockaddr_in(shift, INADDR_ANY)) or die $!;
listen($socket, 1024) or die $!;
print "listening\\n"; close(STDOUT);
while (1) { my $from = accept(my $one, $socket); close($one) if $from; }`;

/** Lays links and starts the server. Rooms with different numbers know nothing of each other. */
export async function openRoom(number: number): Promise<Room> {
  const [router, a, b] = ["node", "client", "server"].map((what) => `${what}-${number}`) as [string, string, string];
  const interfaces = { client: "vethclient", server: "vethserver" };
  const ip = (...args: string[]): Promise<unknown> => run("ip", args);
  for (const name of [router, a, b]) {
    await ip("netns", "add", name);
    await ip("-n", name, "link", "set", "lo", "up");
  }
  for (const [end, netns] of [
    ["client", a],
    ["server", b],
  ] as const) {
    const device = interfaces[end];
    await ip("-n", router, "link", "add", device, "type", "veth", "peer", "name", "eth0", "netns", netns);
    await ip("-n", router, "link", "set", device, "up");
    await ip("-n", router, "route", "add", ends[end], "dev", device);
    await ip("netns", "exec", router, "sysctl", "-qw", `net.ipv4.conf.${device}.proxy_arp=1`);
    await ip("-n", netns, "address", "add", `${ends[end]}/32`, "dev", "eth0");
    await ip("-n", netns, "link", "set", "eth0", "up");
    await ip("-n", netns, "route", "add", "169.254.1.1", "dev", "eth0");
    await ip("-n", netns, "route", "add", "default", "via", "169.254.1.1", "dev", "eth0");
  }
  await ip("-n", router, "address", "add", "169.254.1.1/32", "dev", "lo");
  await ip("netns", "exec", router, "sysctl", "-qw", "net.ipv4.ip_forward=1");
  const listening = execFile("ip", ["netns", "exec", b, "perl", "-e", server, `${port}`]);
  listening.unref();
  await new Promise<void>((resolve, reject) => {
    listening.stdout?.once("data", () => resolve());
    listening.once("error", reject).once("exit", () => reject(new Error("the server ended; is perl installed?")));
  });
  return {
    onNode: ["ip", "netns", "exec", router],
    interfaces,
    connect: async (times) => {
      const args = ["netns", "exec", a, "perl", "-e", client, ends.server, `${port}`, `${times}`];
      const { stdout } = await run("ip", args, { maxBuffer: 1 << 26 });
      return stdout.trim().split("\n").map(Number);
    },
  };
}
