import type { DoctorNamespace } from "./doctor-namespace.ts";
import { type Numbered, clientPod, clients, podNames, racer, racers } from "./doctor-pods.ts";
import { type Outcome, lastWords } from "./judge.ts";
import { judgeStartup } from "./judge-others.ts";
import { pollMs, probes, roundsMs, roundsOf } from "./observe.ts";

/** For new pods to start, and to have tried all that they try. */
const startupMs = 60_000;

/** New pods that a policy isolates, and which try at once to get out. */
export async function startup(
  namespace: DoctorNamespace,
  image: string,
  addresses: ReadonlyMap<string, string>,
): Promise<Outcome> {
  const names = Array.from({ length: racers }, (_, index) => `${racer}-${index + 1}`);
  const own: readonly Numbered[] = [
    { number: 0, from: racer, to: "free", protocol: "tcp", port: 8080, expected: "denied" },
  ];
  const pod = (name: string) =>
    clientPod({ name, role: racer, image, probes: own, addresses, timeout: "300ms", rounds: 20, pauseSeconds: 0 });
  await Promise.all(names.map((name) => namespace.createPod(pod(name))));
  const deadline = Date.now() + startupMs;
  const isOver = async () =>
    (await namespace.pods()).filter(
      ({ role: its, phase }) => its === racer && (phase === "Succeeded" || phase === "Failed"),
    ).length === racers;
  while (!(await isOver()) && Date.now() < deadline) await namespace.pause(1_000);
  return judgeStartup([...(await roundsOf(namespace, names)).values()]);
}

/** Whether, without its policy, a pod is reached by all again, in time. */
export async function opensAgain(namespace: DoctorNamespace, enforceMs: number): Promise<boolean> {
  const denied = probes.filter(({ to, expected }) => to === "guarded" && expected === "denied");
  const names = clients.filter(({ name }) => denied.some(({ from }) => from === name)).flatMap(podNames);
  const marks = new Map([...(await roundsOf(namespace, names))].map(([name, rounds]) => [name, rounds.length]));
  await namespace.deletePolicy("guarded");
  const deadline = Date.now() + enforceMs + roundsMs;
  while (Date.now() < deadline) {
    await namespace.pause(pollMs);
    const rounds = await roundsOf(namespace, names);
    const isOpen = [...rounds].every(([name, own]) =>
      denied.every((probe) => {
        const words = lastWords(own.slice(marks.get(name)), probe);
        return words.length > 0 && words.at(-1) === "open";
      }),
    );
    if (isOpen) return true;
  }
  return false;
}
