import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Peer } from "./peer.ts";

/** Whether there is a Go to build with. */
export function hasGo(): boolean {
  return spawnSync("go", ["version"], { stdio: "ignore" }).status === 0;
}

/** Where a peer's program is, whether it is built or not: in the user's cache, by what its modules are. */
export function peerProgram({ name, version }: Peer, peersFolder: string): string {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(peersFolder, name, file)));
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return join(cache, "podwall", "bench", `${name}-${version}-${hash.digest("hex").slice(0, 12)}`);
}

export function isBuilt(peer: Peer, peersFolder: string): boolean {
  return existsSync(peerProgram(peer, peersFolder));
}

/** Builds a peer from its pinned modules; throws when Go does not. Minutes, the first time. */
export function buildPeer(peer: Peer, peersFolder: string): void {
  const program = peerProgram(peer, peersFolder);
  mkdirSync(join(program, ".."), { recursive: true });
  // Under another name first: what has the name is whole.
  const unfinished = `${program}.${process.pid}`;
  const { status } = spawnSync("go", ["build", "-mod=readonly", "-buildvcs=false", "-o", unfinished, peer.package], {
    cwd: join(peersFolder, peer.name),
    // The root's own settings for workspaces are not these modules'.
    env: { ...process.env, GOWORK: "off" },
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) throw new Error(`${peer.name} ${peer.version} could not be built; what go says is above`);
  renameSync(unfinished, program);
}
