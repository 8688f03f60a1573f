import { readFileSync } from "node:fs";

/** Of all processors since the machine started, in clock ticks. */
export interface ProcessorTime {
  readonly all: number;
  /** What the host of a virtual machine gave to others while this one had work. */
  readonly stolen: number;
}

/** Undefined where the system does not say (proc_stat(5)). */
export function processorTime(path = "/proc/stat"): ProcessorTime | undefined {
  try {
    return readProcessorTime(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** The first line's fields: user, nice, system, idle, iowait, irq, softirq and steal; guests' time is in user's and nice's. */
export function readProcessorTime(text: string): ProcessorTime | undefined {
  const fields = /^cpu +(.+)$/m.exec(text)?.[1]?.trim().split(/ +/).slice(0, 8).map(Number);
  if (fields?.length !== 8 || fields.some(Number.isNaN)) return undefined;
  return { all: fields.reduce((sum, ticks) => sum + ticks, 0), stolen: fields[7] as number };
}

/** The share of the time between that was stolen, from 0 to 1; undefined where that is not known. */
export function stolenShare(before: ProcessorTime | undefined, after: ProcessorTime | undefined): number | undefined {
  if (before === undefined || after === undefined || after.all <= before.all) return undefined;
  return (after.stolen - before.stolen) / (after.all - before.all);
}
