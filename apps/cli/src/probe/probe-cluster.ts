import { type Cluster, type Verdict, clusterFrom, endpointOf, readManifests, verdict } from "@podwall/engine";
import { type KubeClient, KubeError } from "@podwall/kube";
import type { ProbeReport, ProbedConnection } from "@podwall/report";
import { readLive } from "../live/read-live.ts";
import { requestsLanded } from "../probing/requests-landed.ts";
import { probeOutcome } from "./probe-outcome.ts";
import { type Trial, type Want, everything, sample, trialsIn } from "./sample.ts";
import type { NumberedTrial, StandIn } from "./stand-in.ts";
import { createStandIns, pause, planStandIns, removePods, roundsOfAll, runningStandIns } from "./stand-ins.ts";

export interface ProbeClusterOptions {
  readonly client: KubeClient;
  readonly namespace: string | undefined;
  readonly image: string;
  readonly isAll: boolean;
  readonly mostPods: number;
  readonly startMs: number;
  readonly enforceMs: number;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

export type ProbeAnswer =
  | { readonly report: ProbeReport; readonly cluster: Cluster }
  | { readonly exitCode: 2 | 3 | 130; readonly because: string };

/** Two rounds in which everything times out, and what a busy machine takes. */
const roundsMs = 15_000;

/** Tries connections of a cluster, from pods that stand in for its own and are gone afterwards. */
export async function probeCluster(options: ProbeClusterOptions): Promise<ProbeAnswer> {
  const { client, signal, say, mostPods } = options;
  let standIns: readonly StandIn[] = [];
  try {
    const cluster = await readCluster(options);
    const policies = cluster.policies.filter(({ namespace }) => isAsked(namespace, options));
    const wants = options.isAll ? [] : sample(cluster, policies);
    const trials = options.isAll ? everything(cluster).filter((trial) => isAskedOf(trial, options)) : trialsIn(wants);
    const numbered = trials.map((trial, index) => ({ ...trial, number: index + 1 }));
    const planned = planStandIns(numbered);
    if (planned.length > mostPods) {
      const because = `${planned.length} pods would have to be started; allow that with --max-pods, or ask for less with --namespace`;
      return { exitCode: 2, because };
    }
    standIns = planned;
    say(`starting ${planned.length} pods for ${numbered.length} connections`);
    return await tryAll(options, standIns, wants);
  } catch (error) {
    if (signal.aborted) return { exitCode: 130, because: "interrupted" };
    if (error instanceof KubeError) return { exitCode: 3, because: error.message };
    throw error;
  } finally {
    if (standIns.length > 0) {
      say(`removing ${standIns.length} pods`);
      await requestsLanded(signal);
    }
    await removePods(
      client,
      standIns.map(({ name, like }) => ({ namespace: like.namespace, name })),
      say,
    );
  }
}

async function tryAll(
  options: ProbeClusterOptions,
  standIns: readonly StandIn[],
  wants: readonly Want[],
): Promise<ProbeAnswer> {
  const { client, image, signal, startMs, enforceMs, say } = options;
  const refused = await createStandIns(client, standIns, image, signal);
  const made = standIns.filter(({ name }) => !refused.has(name));
  const states = await runningStandIns(client, made, { withinMs: startMs, signal });
  // Read anew: stand-ins are pods with addresses of their own, and the prediction is for them.
  const cluster = await readCluster(options);
  say("trying");
  const deadline = Date.now() + enforceMs + roundsMs;
  for (;;) {
    const rounds = await roundsOfAll(client, made, signal);
    const connections = standIns.flatMap((standIn) =>
      standIn.trials.map((trial): ProbedConnection => {
        const predicted = predictedOf(cluster, standIn, trial);
        const words = (rounds.get(standIn.name) ?? []).flatMap((round) => round.get(trial.number) ?? []);
        const seen = words.slice(-2);
        const state = states.get(standIn.name);
        const why = refused.get(standIn.name) ?? (state?.phase === "Running" ? undefined : state?.because);
        const outcome =
          predicted === undefined
            ? "unknown"
            : probeOutcome({ predicted: predicted.allowed ? "allowed" : "denied", seen });
        return {
          source: standIn.like,
          destination: trial.destination,
          port: trial.port,
          verdict: predicted,
          seen: seen.at(-1),
          outcome,
          because: outcome === "unknown" ? (why ?? becauseOf(predicted, seen)) : undefined,
        };
      }),
    );
    const isSettled = connections.every(({ outcome }) => outcome === "agrees");
    if (isSettled || Date.now() > deadline)
      return { report: { cluster: client.access.name, connections, notFound: notFoundIn(wants) }, cluster };
    await pause(2_000, signal);
  }
}

function becauseOf(predicted: Verdict | undefined, seen: readonly string[]): string {
  if (predicted === undefined) return "one of the two pods does not run";
  if (seen.length < 2) return "its pod said nothing";
  return seen.includes("REFUSED")
    ? "refused: nobody listens there, or a network plugin refuses for it"
    : `its pod said ${seen.at(-1)}`;
}

function notFoundIn(wants: readonly Want[]): ProbeReport["notFound"] {
  return wants
    .filter(({ trial }) => trial === undefined)
    .map(({ policy: { namespace, name }, direction, wanted }) => ({
      policy: `${namespace}/${name}`,
      direction,
      wanted,
    }));
}

function predictedOf(
  cluster: Cluster,
  { name, like }: StandIn,
  { destination, port }: NumberedTrial,
): Verdict | undefined {
  const source = cluster.pods.find((pod) => pod.name === name && pod.namespace === like.namespace);
  const target = cluster.pods.find(
    (pod) => pod.name === destination.name && pod.namespace === destination.namespace && !pod.completed,
  );
  if (source === undefined || source.completed || target === undefined) return undefined;
  return verdict(cluster, { source: endpointOf(source), destination: endpointOf(target), protocol: "TCP", port });
}

async function readCluster({ client, namespace }: ProbeClusterOptions): Promise<Cluster> {
  const { files } = await readLive({ client, namespace });
  return clusterFrom(readManifests(files).objects);
}

function isAsked(namespace: string, { namespace: asked }: ProbeClusterOptions): boolean {
  return asked === undefined || asked === namespace;
}

function isAskedOf({ source, destination }: Trial, options: ProbeClusterOptions): boolean {
  return isAsked(source.namespace, options) || isAsked(destination.namespace, options);
}
