import type { DoctorNamespace } from "./doctor-namespace.ts";
import type { PodState } from "../probing/pod-state.ts";

/** What keeps a cluster from being examined. */
export class CannotExamine extends Error {
  override readonly name = "CannotExamine";
}

/** All pods, when those of these names run and are ready. Rejects with `CannotExamine` where one fails or is late. */
export async function started(
  namespace: DoctorNamespace,
  names: readonly string[],
  withinMs: number,
): Promise<readonly PodState[]> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const pods = await namespace.pods();
    const late = names.filter((name) => !pods.some((pod) => pod.name === name && pod.isReady && pod.ip !== undefined));
    if (late.length === 0) return pods;
    const failed = pods.find(({ name, phase }) => late.includes(name) && (phase === "Failed" || phase === "Succeeded"));
    if (failed !== undefined || Date.now() > deadline) {
      const pod = failed ?? pods.find(({ name }) => late.includes(name));
      const because = pod?.because ?? `its phase is ${pod?.phase ?? "not known"}`;
      throw new CannotExamine(`the pod ${pod?.name ?? late[0]} does not start: ${because}`);
    }
    await namespace.pause(1_000);
  }
}
