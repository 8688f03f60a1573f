import { chmod, lstat, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Entrance } from "../world/enter.ts";

/** What `lab exec` in another terminal needs to know of a running lab. */
export interface LabState {
  /** The process of `podwall lab`. */
  readonly pid: number;
  readonly startedAt: number;
  readonly entrance: Entrance;
  /** When the holder started, in clock ticks since boot: process numbers are used again. */
  readonly holderStart: string;
  readonly places: readonly StatePlace[];
}

export interface StatePlace {
  /** `namespace/pod`, `node NAME` or `outside`. */
  readonly name: string;
  /** `namespace/name` of the workload, where it is a pod of one. */
  readonly workload?: string;
  readonly netns: string;
  /** Where its own /etc files are; absent where it has none. */
  readonly etc?: string;
}

/** Only this user may read and write there. Rejects when the folder is someone else's. */
export async function stateFolder(env: NodeJS.ProcessEnv): Promise<string> {
  const uid = process.getuid?.() ?? 0;
  const runtime = env["XDG_RUNTIME_DIR"];
  const folder = runtime ? join(runtime, "podwall") : join(tmpdir(), `podwall-${uid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== uid) throw new Error(`${folder} does not belong to this user`);
  await chmod(folder, 0o700);
  return folder;
}

export async function writeState(folder: string, state: LabState): Promise<void> {
  const file = join(folder, fileName(state.pid));
  await writeFile(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

export function removeState(folder: string, pid: number): Promise<void> {
  return rm(join(folder, fileName(pid)), { force: true });
}

/** The labs that run, newest first. Files of labs that are gone are removed. */
export async function runningLabs(folder: string): Promise<readonly LabState[]> {
  const running: LabState[] = [];
  for (const name of await readdir(folder)) {
    if (!/^lab-\d+\.json$/.test(name)) continue;
    const state = await readState(join(folder, name));
    if (state !== undefined && (await processStart(state.entrance.holder)) === state.holderStart) running.push(state);
    else await rm(join(folder, name), { force: true });
  }
  return running.sort((a, b) => b.startedAt - a.startedAt);
}

/** When a process started, in clock ticks since boot; undefined when there is none. */
export async function processStart(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in parentheses, which may hold anything; the start is the 22nd field.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

async function readState(file: string): Promise<LabState | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as LabState;
  } catch {
    return undefined;
  }
}

function fileName(pid: number): string {
  return `lab-${pid}.json`;
}
