import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type MarkBits, hex, markMask } from "./ruleset/mark.ts";

const run = promisify(execFile);

/** How often clearing may fail, or leave as many connections marked as there were; and how often listing may fail. */
const vainAttempts = 10;

/**
 * Clears podwall's bits in the mark of every tracked connection and reads them back, with the `conntrack` program.
 * `command` is how to start it, such as `["conntrack"]`, or by way of `nsenter` in another network namespace.
 */
export function clearMarksWith(command: readonly string[]): (mark: MarkBits) => Promise<void> {
  return async (mark) => {
    for (const family of ["ipv4", "ipv6"]) {
      let marked = await markedConnections(command, family, mark);
      let failure: unknown;
      for (let vain = 0; marked > 0; ) {
        try {
          await conntrack(command, ["-U", "-f", family, "-m", `0/${hex(markMask(mark))}`]);
        } catch (error) {
          // Where connections come and go by the thousand, conntrack changes some and then loses its place in the list.
          failure = error;
        }
        const left = await markedConnections(command, family, mark);
        if (left >= marked && ++vain > vainAttempts) {
          throw new Error(`${left} connections kept podwall's bits in their mark`, { cause: failure });
        }
        marked = left;
      }
    }
  };
}

async function markedConnections(command: readonly string[], family: string, mark: MarkBits): Promise<number> {
  const listed = await list(command, family);
  const ours = BigInt(markMask(mark));
  return [...listed.matchAll(/ mark=(\d+)/g)].filter(([, value]) => (BigInt(value as string) & ours) !== 0n).length;
}

/** Where the kernel tells of connections faster than conntrack reads, it gives up; what it said until then is not all. */
async function list(command: readonly string[], family: string): Promise<string> {
  for (let vain = 1; ; vain++) {
    try {
      return await conntrack(command, ["-L", "-f", family]);
    } catch (error) {
      const isFull = error instanceof Error && error.message.includes("No buffer space available");
      if (!isFull || vain >= vainAttempts) throw error;
    }
  }
}

async function conntrack(command: readonly string[], args: readonly string[]): Promise<string> {
  const [program, ...before] = command as [string, ...string[]];
  try {
    const { stdout } = await run(program, [...before, ...args], { maxBuffer: 1 << 30, timeout: 60_000 });
    return stdout;
  } catch (error) {
    const { stderr = "" } = error as { stderr?: string };
    // Exit code 1 with this line says that no connection matched.
    if (/ 0 flow entries have been/.test(stderr)) return "";
    throw new Error(`conntrack ${args.join(" ")} failed: ${stderr.trim() || (error as Error).message}`, {
      cause: error,
    });
  }
}
