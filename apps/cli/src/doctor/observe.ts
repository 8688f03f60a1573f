import type { DoctorNamespace } from "./doctor-namespace.ts";
import { type Numbered, clients, liveClient, podNames } from "./doctor-pods.ts";
import { type Probe, ownNode } from "./doctor-test.ts";
import { doctorTests } from "./doctor-tests.ts";
import { type Observation, isAsExpected, lastWords } from "./judge.ts";
import type { PodState } from "../probing/pod-state.ts";
import type { Round } from "../probing/read-rounds.ts";

/** Each probe has a number; a client runs its own. */
export const probes: readonly Numbered[] = doctorTests
  .flatMap((test) => test.probes)
  .map((probe, index) => ({ ...probe, number: index + 1 }));
const leftOpen = new Set(
  doctorTests.filter(({ isLeftOpen }) => isLeftOpen).flatMap((test) => test.probes.map(probeKey)),
);
/** Two rounds in which everything times out, and what a busy machine takes. */
export const roundsMs = 15_000;
export const pollMs = 2_000;

/** The rounds of all clients, when every probe was open, or the time for that is over. */
export async function withoutPolicies(
  namespace: DoctorNamespace,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly Round[]>> {
  const deadline = Date.now() + roundsMs;
  for (;;) {
    const rounds = await roundsOf(namespace, [...names, liveClient]);
    const isOpen = [...rounds].every(
      ([, own]) => own.length > 0 && [...(own.at(-1)?.values() ?? [])].every((word) => word === "open"),
    );
    if (isOpen || Date.now() > deadline) return rounds;
    await namespace.pause(pollMs);
  }
}

/** By client. */
export async function roundsOf(
  namespace: DoctorNamespace,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly Round[]>> {
  return new Map(await Promise.all(names.map(async (name) => [name, await namespace.rounds(name)] as const)));
}

/** What was seen of every probe from every client. */
export function observations(
  pods: readonly PodState[],
  before: ReadonlyMap<string, readonly Round[]>,
  after: (name: string) => readonly Round[],
): readonly Observation[] {
  return clients.flatMap((role) =>
    podNames(role).flatMap((name) =>
      probes
        .filter(({ from }) => from === role.name)
        .map((probe) => ({
          probe,
          path: pathOf(pods, name, probe.to),
          before: bestWord(before.get(name) ?? [], probe),
          after: lastWords(after(name), probe),
        })),
    ),
  );
}

/** `open` where it ever was: on a busy machine one round may fail. */
function bestWord(rounds: readonly Round[], { number }: Numbered): string | undefined {
  const words = rounds.flatMap((round) => round.get(number) ?? []);
  return words.includes("open") ? "open" : words.at(-1);
}

function pathOf(pods: readonly PodState[], from: string, to: string): Observation["path"] {
  const nodeOf = (name: string) => pods.find((pod) => pod.name === name)?.node;
  const [source, destination] = [nodeOf(from), nodeOf(to)];
  if (to === ownNode || source === undefined || destination === undefined) return undefined;
  return source === destination ? "on one node" : "between nodes";
}

/** Whether there is nothing to wait for: all that the API decides is as it says. */
export function isSettled(all: readonly Observation[]): boolean {
  return all.filter(({ probe, before }) => before === "open" && !leftOpen.has(probeKey(probe))).every(isAsExpected);
}

/** The same for the same connection. */
export function probeKey({ from, to, protocol, port }: Probe): string {
  return `${from} ${to} ${protocol} ${port}`;
}
