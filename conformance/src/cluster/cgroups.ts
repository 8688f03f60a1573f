import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = "/sys/fs/cgroup";

/** The folders of the hierarchies: one (cgroup v2) or one for each controller (v1). */
function hierarchies(): readonly string[] {
  if (existsSync(join(root, "cgroup.controllers"))) return [root];
  return readdirSync(root)
    .map((name) => join(root, name))
    .filter((folder) => existsSync(join(folder, "cgroup.procs")));
}

/** Makes a cgroup in every hierarchy, as kubelet wants its root; `path` has no leading slash. */
export function makeCgroup(path: string): void {
  for (const hierarchy of hierarchies()) {
    for (const length of path.split("/").keys()) {
      const parent = join(hierarchy, ...path.split("/").slice(0, length));
      const folder = join(hierarchy, ...path.split("/").slice(0, length + 1));
      mkdirSync(folder, { recursive: true });
      // A new cgroup of v1 has no processors and no memory until it is told which.
      for (const file of ["cpuset.cpus", "cpuset.mems"]) {
        const above = join(parent, file);
        if (hierarchy !== root && existsSync(above)) writeFileSync(join(folder, file), readFileSync(above));
      }
      if (hierarchy === root && folder !== join(root, path)) enableControllers(folder);
    }
  }
}

/** Hands a v2 cgroup's controllers on to its children. */
function enableControllers(folder: string): void {
  const controllers = readFileSync(join(folder, "cgroup.controllers"), "utf8").trim();
  if (controllers === "") return;
  const all = controllers.split(" ").map((name) => `+${name}`);
  writeFileSync(join(folder, "cgroup.subtree_control"), all.join(" "));
}
