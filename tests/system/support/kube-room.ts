import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A temporary folder that goes away with this process, even one that is killed. */
export interface KubeRoom {
  readonly folder: string;
  close(): Promise<void>;
}

export function openRoom(): KubeRoom {
  const folder = mkdtempSync(join(tmpdir(), "podwall-kube-"));
  // Waits for the end of its input, which is this process's; programs that the kernel ends then may still write for a moment.
  const script = 'trap "" INT TERM HUP; read -r _; for _ in 1 2 3 4 5; do rm -rf "$1" && exit; sleep 1; done';
  const keeper = spawn("sh", ["-c", script, "sh", folder], { stdio: ["pipe", "ignore", "ignore"] });
  return { folder, close: () => closeRoom(keeper) };
}

async function closeRoom(keeper: ChildProcess): Promise<void> {
  const ended = once(keeper, "exit");
  keeper.stdin?.end();
  await ended;
}

/** Ports of loopback that nobody listens on just now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    ports.push((server.address() as AddressInfo).port);
  }
  for (const server of servers) {
    server.close();
    await once(server, "close");
  }
  return ports;
}
