import { readFileSync } from "node:fs";

/**
 * Milliseconds that the system has run this thread for (proc(5), schedstat): other programs' turns do not count, and no
 * helper thread's work. Where that is not told, milliseconds of the clock.
 */
export function mainThreadCpu(): number {
  if (process.platform !== "linux") return performance.now();
  return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]) / 1e6;
}
