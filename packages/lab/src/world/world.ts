import { type ChildProcess, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { type Entrance, enterCommand, enterPodCommand, pathInside } from "./enter.ts";
import { ended, run, toolEnv } from "./run.ts";

/** Why this machine cannot run a lab. */
export class WorldUnavailable extends Error {
  override readonly name = "WorldUnavailable";
}

/**
 * The first process in the new namespaces. It says its number as this machine counts, which only the old /proc knows, and
 * then waits for the end of its input: that comes when the lab closes it, and also when the lab is killed. With its end the
 * kernel ends every process in there, and with them go the namespaces and mounts.
 */
const holderScript = [
  "read -r pid rest </proc/self/stat",
  "mount -t tmpfs -o mode=0755 tmpfs /run",
  // Where the machine's own /proc is partly hidden (some containers) the kernel refuses; only `ps` misses it.
  "mount -t proc proc /proc 2>/dev/null || :",
  'mkdir -p /run/netns /run/podwall "$(dirname "$(readlink -m /etc/resolv.conf)")"',
  '[ ! -L /etc/resolv.conf ] || : >>"$(readlink -m /etc/resolv.conf)"',
  "ip link set lo up",
  "echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter",
  "echo 0 >/proc/sys/net/ipv4/conf/default/rp_filter",
  "echo 1 >/proc/sys/net/ipv4/ip_forward",
  "echo 1 >/proc/sys/net/ipv6/conf/all/forwarding",
  'echo "holder $pid"',
  "exec cat >/dev/null",
].join(" && ");

/** A private network, with mounts and processes of its own, that has no way out; all of it ends with this process. */
export class World {
  readonly entrance: Entrance;
  readonly #child: ChildProcess;

  private constructor(entrance: Entrance, child: ChildProcess) {
    this.entrance = entrance;
    this.#child = child;
  }

  /** Rejects with `WorldUnavailable`. */
  static async open(): Promise<World> {
    if (process.platform !== "linux") throw new WorldUnavailable("network namespaces need Linux");
    const asRoot = process.getuid?.() === 0;
    try {
      return await World.#start({ ownUsers: !asRoot });
    } catch (error) {
      // Root in a container may not be allowed to; a user namespace of its own may still be.
      if (!asRoot) throw error;
      return World.#start({ ownUsers: true }).catch(() => Promise.reject(error));
    }
  }

  static async #start({ ownUsers }: { readonly ownUsers: boolean }): Promise<World> {
    const users = ownUsers ? ["--user", "--map-root-user"] : [];
    const args = [...users, "--net", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", holderScript];
    // Detached, so that Ctrl-C reaches the lab alone, which then closes in good order.
    const child = spawn("unshare", args, { stdio: ["pipe", "pipe", "pipe"], env: toolEnv(), detached: true });
    child.stdin.on("error", () => undefined);
    const holder = await holderOf(child);
    return new World({ holder, ownUsers }, child);
  }

  /** What to put before a command to run it in a network namespace, or in the one between the nodes. */
  command(netns?: string): readonly string[] {
    return enterCommand(this.entrance, netns);
  }

  podCommand(netns: string, etc: string): readonly string[] {
    return enterPodCommand(this.entrance, netns, etc);
  }

  /** Runs a program to its end in a network namespace, or in the one between the nodes. */
  run(
    command: readonly string[],
    { netns, input }: { readonly netns?: string; readonly input?: string } = {},
  ): Promise<string> {
    return run([...this.command(netns), ...command], input);
  }

  /** Runs commands of iproute2 in a network namespace, or in the one between the nodes. */
  async ip(lines: readonly string[], netns?: string): Promise<void> {
    if (lines.length === 0) return;
    await this.run(["ip", ...(netns === undefined ? [] : ["-n", netns]), "-batch", "-"], {
      input: `${lines.join("\n")}\n`,
    });
  }

  /** Writes a file below /run, which is the lab's own. */
  writeFile(path: string, text: string): Promise<void> {
    return writeFile(pathInside(this.entrance, path), text);
  }

  /** Resolves when the world has ended, by `close` or otherwise. */
  ended(): Promise<void> {
    return ended(this.#child);
  }

  async close(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.ended();
  }
}

function holderOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = "";
    let complaints = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const match = /^holder (\d+)$/m.exec(said);
      if (match !== null) resolve(Number(match[1]));
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      complaints += chunk.toString();
    });
    child.on("error", (error) =>
      reject(new WorldUnavailable(`unshare cannot be started: ${error.message}`, { cause: error })),
    );
    child.on("close", () => reject(new WorldUnavailable(complaints.trim().split("\n")[0] || "unshare ended at once")));
  });
}
