import { readFileSync } from "node:fs";

/** Why a test is skipped where it is not so. */
export const needsSctp = "probes SCTP, and this kernel has no SCTP sockets (CONFIG_IP_SCTP)";

/** Whether pods can open SCTP sockets. What the suites probe by it cannot be tested otherwise. */
export function kernelHasSctp(): boolean {
  return /^SCTP\s/m.test(readFileSync("/proc/net/protocols", "utf8"));
}
