import { spawn } from "node:child_process";
import { constants } from "node:os";
import { enterCommand, enterPodCommand } from "../world/enter.ts";
import { toolEnv } from "../world/run.ts";
import type { LabContext } from "./lab-context.ts";
import { type LabState, type StatePlace, runningLabs, stateFolder } from "./state-file.ts";

export interface ExecOptions {
  /** The process of the lab; the newest lab with such a pod when left out. */
  readonly pid?: number;
}

/** Runs a command in a pod of a running lab, with this terminal. Gives the command's exit code; 2 when there is no such pod. */
export async function execInLab(
  pod: string,
  command: readonly string[],
  context: Pick<LabContext, "process">,
  { pid }: ExecOptions = {},
): Promise<number> {
  const { stderr } = context.process;
  const labs = await runningLabs(await stateFolder(process.env));
  const lab =
    pid === undefined
      ? (labs.find((candidate) => placeNamed(candidate, pod) !== undefined) ?? labs[0])
      : labs.find((candidate) => candidate.pid === pid);
  if (lab === undefined) {
    stderr.write(
      pid === undefined
        ? "no lab is running; start one with: podwall lab -f PATH\n"
        : `no lab runs as process ${pid}\n`,
    );
    return 2;
  }
  const place = placeNamed(lab, pod);
  if (place === undefined) {
    stderr.write(`no pod ${pod} in the lab; there are:\n${lab.places.map(({ name }) => `  ${name}\n`).join("")}`);
    return 2;
  }
  if (pid === undefined && labs.length > 1) {
    const others = labs.filter((candidate) => candidate !== lab).map((candidate) => candidate.pid);
    stderr.write(
      `several labs run; this is ${place.name} of process ${lab.pid}, and --pid chooses another: ${others.join(", ")}\n`,
    );
  }
  const enter =
    place.etc === undefined
      ? enterCommand(lab.entrance, place.netns)
      : enterPodCommand(lab.entrance, place.netns, place.etc);
  return runHere([...enter, ...command], place);
}

/** By full name, by a pod's or node's own name, or the first pod of a workload. */
function placeNamed({ places }: LabState, wanted: string): StatePlace | undefined {
  const ownName = (name: string | undefined): string | undefined => name?.split(/[/ ]/).at(-1);
  return (
    places.find(({ name }) => name === wanted) ??
    places.find(({ name }) => ownName(name) === wanted) ??
    places.find(({ workload }) => workload === wanted || ownName(workload) === wanted)
  );
}

function runHere(command: readonly string[], { name }: StatePlace): Promise<number> {
  const [program = "", ...args] = command;
  // The command gets the terminal's signals itself, and decides what to do about them.
  const ignore = (): void => undefined;
  process.on("SIGINT", ignore);
  process.on("SIGQUIT", ignore);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: "inherit", env: { ...toolEnv(), PODWALL_POD: name } });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      process.off("SIGINT", ignore);
      process.off("SIGQUIT", ignore);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
