import { readFileSync } from "node:fs";

/** The kernel counts in hundredths of a second for every program (`sysconf(_SC_CLK_TCK)`, proc(5)). */
const ticksPerSecond = 100;

/** Processor time that a process has used so far, its own and the kernel's for it, in seconds. */
export function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The second field, the name, may hold anything but ends with the last parenthesis.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [user, system] = [fields[11], fields[12]].map(Number);
  return ((user ?? 0) + (system ?? 0)) / ticksPerSecond;
}
