import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseCidr } from "@podwall/engine";
import type { NodeNetwork } from "./node-network.ts";

const interfacesFolder = "/sys/class/net";
const bridgeSettings = "/proc/sys/net/bridge";

/** For nft to list flowtables, which are few. */
const nftTimeoutMs = 5_000;

/** Looks at the network namespace that this process is in. Rejects where nft cannot be run, or gives no answer. */
export async function readNodeNetwork(timeoutMs: number = nftTimeoutMs): Promise<NodeNetwork> {
  // Of /proc and not /sys, which shows the namespace that it was mounted in.
  const interfaces = (await textOf("/proc/net/dev"))
    .split("\n")
    .flatMap((line) => /^\s*([^\s:]+):/.exec(line)?.[1] ?? []);
  const shown = (await namesIn(interfacesFolder)) ?? [];
  const bridges = new Map<string, readonly string[]>();
  for (const name of interfaces) {
    const ports = await namesIn(join(interfacesFolder, name, "brif"));
    if (ports !== undefined) bridges.set(name, ports);
  }
  const calls = {
    4: await textOf(`${bridgeSettings}/bridge-nf-call-iptables`),
    6: await textOf(`${bridgeSettings}/bridge-nf-call-ip6tables`),
  };
  return {
    interfaces,
    bridges,
    // Links come and go, so one that is not shown means nothing.
    bridgesKnown:
      interfaces.every((name) => name === "lo") || interfaces.some((name) => name !== "lo" && shown.includes(name)),
    connected: connectedRanges(),
    bridgeFilter: calls[4] === "" ? undefined : { 4: calls[4].trim() === "1", 6: calls[6].trim() === "1" },
    virtualServers: await textOf("/proc/net/ip_vs"),
    flowtables: await listFlowtables(timeoutMs),
  };
}

function connectedRanges(): NodeNetwork["connected"] {
  return Object.entries(networkInterfaces()).flatMap(([device, addresses = []]) =>
    addresses.flatMap(({ cidr }) => {
      const { cidr: range } = parseCidr(cidr ?? "");
      return range === undefined ? [] : [{ device, range }];
    }),
  );
}

async function listFlowtables(timeout: number): Promise<string> {
  try {
    return (await promisify(execFile)("nft", ["-j", "list", "flowtables"], { timeout, killSignal: "SIGKILL" })).stdout;
  } catch (error) {
    if (error instanceof Error && "killed" in error && error.killed === true)
      throw new Error(`nft did not list flowtables within ${timeout} ms`, { cause: error });
    // A kernel that was built without them. That nft itself is missing is said by what puts rules in force.
    if (error instanceof Error && /not supported|ENOENT/i.test(error.message)) return "";
    throw error;
  }
}

/** Empty where there is none. */
async function textOf(path: string): Promise<string> {
  return (await unlessMissing(readFile(path, "utf8"))) ?? "";
}

function namesIn(folder: string): Promise<readonly string[] | undefined> {
  return unlessMissing(readdir(folder));
}

async function unlessMissing<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  try {
    return await promise;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
