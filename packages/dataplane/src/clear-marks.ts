import type { Readable } from "node:stream";
import { killChild, startChild } from "./nft/process/child.ts";
import { type MarkBits, hex, markMask } from "./ruleset/mark.ts";

/** How often clearing may fail, or leave as many connections marked as there were; and how often listing may fail. */
const vainAttempts = 10;
const timeoutMs = 60_000;
/** Of what conntrack complains, so much is kept. */
const longestComplaint = 4_096;

/**
 * Clears podwall's bits in the mark of every tracked connection and reads them back, with the `conntrack` program.
 * `command` is how to start it, such as `["conntrack"]`, or by way of `nsenter` in another network namespace. A node may track a
 * million connections: of each no more is kept than whether it has a mark.
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

/** Where the kernel tells of connections faster than conntrack reads, it gives up; what it said until then is not all. */
async function markedConnections(command: readonly string[], family: string, mark: MarkBits): Promise<number> {
  const mask = markMask(mark);
  for (let vain = 1; ; vain++) {
    let marked = 0;
    try {
      await conntrack(command, ["-L", "-f", family], (lines) => {
        for (const [, value] of lines.matchAll(/ mark=(\d+)/g)) if ((Number(value) & mask) !== 0) marked += 1;
      });
      return marked;
    } catch (error) {
      const isFull = error instanceof Error && error.message.includes("No buffer space available");
      if (!isFull || vain >= vainAttempts) throw error;
    }
  }
}

/** Runs conntrack to its end, and hands on what it prints, some whole lines at a time. */
async function conntrack(
  command: readonly string[],
  args: readonly string[],
  onLines: (lines: string) => void = () => undefined,
): Promise<void> {
  const child = startChild([...command, ...args], ["ignore", "pipe", "pipe"]);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    killChild(child);
  }, timeoutMs);
  let rest = "";
  let complaint = "";
  (child.stdout as Readable).setEncoding("utf8").on("data", (chunk: string) => {
    const text = rest + chunk;
    const end = text.lastIndexOf("\n") + 1;
    rest = text.slice(end);
    onLines(text.slice(0, end));
  });
  (child.stderr as Readable).setEncoding("utf8").on("data", (chunk: string) => {
    complaint = (complaint + chunk).slice(-longestComplaint);
  });
  const failed = (why: string, options?: ErrorOptions): Error =>
    new Error(`conntrack ${args.join(" ")} failed: ${complaint.trim() || why}`, options);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", (cause) => reject(failed(cause.message, { cause })));
      child.once("close", resolve);
    });
    if (isLate) throw failed(`it took more than ${timeoutMs / 1000} s`);
    // Exit code 1 with this line says that no connection matched.
    if (code !== 0 && !/ 0 flow entries have been/.test(complaint)) throw failed(`it ended with code ${code}`);
  } finally {
    clearTimeout(timer);
  }
}
