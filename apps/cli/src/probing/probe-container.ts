import { probeScript } from "./probe-script.ts";

export interface ProbeContainerOptions {
  readonly image: string;
  /** `NUMBER PROTOCOL HOST HOST:PORT` each. */
  readonly probes: readonly string[];
  /** For one probe, as agnhost reads it. */
  readonly timeout?: string;
  readonly rounds?: number;
  readonly pauseSeconds?: number;
}

/** A container that tries its probes over and over; a round with denied ones takes as long as `timeout`. */
export function probeContainer(options: ProbeContainerOptions): object {
  const { image, probes, timeout = "2s", rounds = 600, pauseSeconds = 1 } = options;
  return {
    name: "probes",
    image,
    command: ["/bin/bash", "-c", probeScript, "probes"],
    args: probes,
    env: [
      { name: "HOST_IP", valueFrom: { fieldRef: { fieldPath: "status.hostIP" } } },
      { name: "AGNHOST", value: "/agnhost" },
      { name: "TIMEOUT", value: timeout },
      { name: "ROUNDS", value: String(rounds) },
      { name: "PAUSE", value: String(pauseSeconds) },
    ],
  };
}
