import { readFileSync } from "node:fs";

/** Whether pods can open SCTP sockets. What the suites probe by it cannot be tested otherwise. */
export function kernelHasSctp() {
  return /^SCTP\s/m.test(readFileSync("/proc/net/protocols", "utf8"));
}
