import { availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";

/** What figures depend on besides podwall. */
export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** Of the minute before, so how busy the machine was with something else. */
  readonly load: number;
}

export function thisMachine(): Machine {
  return {
    cores: availableParallelism(),
    processor: (cpus()[0]?.model ?? "unknown").trim(),
    memoryBytes: totalmem(),
    system: `${type()} ${release()}`,
    node: process.version,
    load: loadavg()[0] ?? 0,
  };
}

export function machineText({ cores, processor, memoryBytes, system, node, load }: Machine): string {
  const memory = `${Math.round(memoryBytes / 2 ** 30)} GiB`;
  return `${cores} cores of ${processor}, ${memory}, ${system}, Node ${node}, load before ${load.toFixed(1)}`;
}
