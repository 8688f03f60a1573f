import { spawnSync } from "node:child_process";

/**
 * What this machine lacks for tests with packets, in words; undefined where it lacks nothing. Suites that need it are skipped
 * with the reason in their name, which in CI is a failure.
 */
export const lacking: string | undefined = find();

/** A suite's name, with the reason why it is skipped. */
export function withPackets(name: string): string {
  return lacking === undefined ? name : `${name} (skipped: ${lacking})`;
}

function find(): string | undefined {
  const missing = ["nft", "ip", "conntrack", "nsenter"].filter(
    (tool) => spawnSync("sh", ["-c", `PATH="$PATH:/usr/sbin:/sbin" command -v ${tool}`]).status !== 0,
  );
  if (missing.length > 0) return `needs ${missing.join(", ")}`;
  const users = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const tried = spawnSync("unshare", [...users, "--net", "--mount", "--pid", "--fork", "true"], { encoding: "utf8" });
  return tried.status === 0 ? undefined : `this machine refuses network namespaces: ${tried.stderr.trim()}`;
}
