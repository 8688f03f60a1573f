import type { NetworkPolicy, PodPeer, PolicyPeer } from "../../../model/network-policy.ts";
import type { Monitor } from "../../../model/monitor.ts";
import { type Pod, isPolicyPod } from "../../../model/pod.ts";
import { selects } from "../../../model/selector.ts";
import { allows } from "../../../net/connection-set.ts";
import { portsOfRule } from "../../../evaluate/ports-of-rule.ts";
import { podPredicate, predicateOf } from "../../../rules/predicate.ts";
import { diagnostic } from "../../../source/catalogue.ts";
import type { Diagnostic } from "../../../source/diagnostic.ts";
import type { SourceRange } from "../../../source/source-file.ts";
import type { FindingInput } from "../input.ts";
import { podsBehind, targetPorts } from "../listening.ts";
import { canBeReachedFromOutside, rulesFor } from "../rule-reach.ts";
import { nameRange, placesOf, podText, podsText, policyText } from "../words.ts";

/** Pods that ask to be scraped, and let nobody in at that port who may be Prometheus. */
export function* metricsCutOff(input: FindingInput): Iterable<Diagnostic> {
  const byPolicy = new Map<NetworkPolicy, Asked[]>();
  const prometheus = prometheusPods(input);
  for (const asked of askedFor(input)) {
    const { pod, ports } = asked;
    const isolating = input.isolating(pod, "ingress").filter(({ closedBecause }) => closedBecause === undefined);
    const policy = isolating.find(({ podSelector }) => podSelector.requirements.length > 0) ?? isolating[0];
    if (policy === undefined || ports.length === 0) continue;
    if (ports.some((port) => canBeScraped(input, pod, port, prometheus))) continue;
    byPolicy.set(policy, [...(byPolicy.get(policy) ?? []), asked]);
  }
  for (const [policy, all] of byPolicy) {
    const [{ ports, why, range }] = all as [Asked];
    const who = prometheus[0] === undefined ? "Prometheus" : podText(prometheus[0]);
    const message = `${policyText(policy)} keeps ${who} from the metrics of ${podsText(all.map(({ pod }) => pod))} on TCP ${ports.join(", ")}`;
    yield diagnostic("PW3025", message, {
      range: nameRange(policy),
      related: placesOf({ message: why, range }),
      help: `allow TCP ${ports.join(", ")} from Prometheus' pods with \`namespaceSelector\` and \`podSelector\` in one item`,
    });
  }
}

/** Somebody asks that a pod's metrics be read, on one of these ports. */
interface Asked {
  readonly pod: Pod;
  readonly ports: readonly number[];
  readonly why: string;
  readonly range: SourceRange | undefined;
}

function* askedFor(input: FindingInput): Iterable<Asked> {
  const { cluster } = input;
  for (const pod of cluster.pods) {
    if (pod.scrape === undefined || !isPolicyPod(pod)) continue;
    const declared = pod.ports.filter(({ protocol }) => protocol === "TCP").map(({ port }) => port);
    const ports = pod.scrape.port === undefined ? declared : [pod.scrape.port];
    yield { pod, ports, why: "asked for by this annotation", range: pod.scrape.range };
  }
  for (const service of cluster.services) {
    const { scrape } = service;
    if (scrape === undefined) continue;
    for (const pod of podsBehind(input, service)) {
      const targets = service.ports
        .filter(({ protocol }) => protocol === "TCP")
        .flatMap((own) => targetPorts(pod, own));
      const ports = scrape.port === undefined ? targets : [scrape.port];
      yield { pod, ports, why: "asked for by this annotation", range: scrape.range };
    }
  }
  for (const monitor of input.monitors) yield* askedByMonitor(input, monitor);
}

function* askedByMonitor(input: FindingInput, monitor: Monitor): Iterable<Asked> {
  const { namespaces, selector, kind, name, namespace, range } = monitor;
  const isWatched = (one: string): boolean => namespaces === "all" || namespaces.includes(one);
  const why = `asked for by ${kind} ${namespace}/${name}`;
  for (const port of monitor.ports) {
    if (kind === "PodMonitor") {
      for (const pod of input.cluster.pods) {
        if (!isPolicyPod(pod) || !isWatched(pod.namespace) || !selects(selector, pod.labels)) continue;
        if (port.kind === "pod") yield { pod, ports: podPorts(pod, port.port), why, range };
      }
      continue;
    }
    for (const service of input.cluster.services) {
      if (!isWatched(service.namespace) || !selects(selector, service.labels ?? new Map())) continue;
      for (const pod of podsBehind(input, service)) {
        const own = port.kind === "service" ? service.ports.find((one) => one.name === port.name) : undefined;
        const ports = port.kind === "pod" ? podPorts(pod, port.port) : own === undefined ? [] : targetPorts(pod, own);
        yield { pod, ports, why, range };
      }
    }
  }
}

function podPorts(pod: Pod, port: string | number): readonly number[] {
  if (typeof port === "number") return [port];
  return pod.ports.filter((own) => own.name === port && own.protocol === "TCP").map((own) => own.port);
}

function prometheusPods(input: FindingInput): readonly Pod[] {
  return [...input.podsWith("app.kubernetes.io/name", "prometheus"), ...input.podsWith("app", "prometheus")];
}

/** Where Prometheus is not in the input, whoever may be it counts. */
function canBeScraped(input: FindingInput, pod: Pod, port: number, prometheus: readonly Pod[]): boolean {
  if (canBeReachedFromOutside(input, pod, "TCP", port)) return true;
  const destination = { kind: "pod", pod } as const;
  if (prometheus.length > 0) {
    const evaluator = input.evaluator();
    return prometheus.some((source) =>
      evaluator.allows({ source: { kind: "pod", pod: source }, destination, protocol: "TCP", port }),
    );
  }
  return rulesFor(input, pod, "ingress").some(
    ({ policy, rule }) =>
      allows(portsOfRule(rule.ports, destination), "TCP", port) &&
      rule.peers.some((peer) => mayBePrometheus(input, policy, peer)),
  );
}

function mayBePrometheus(input: FindingInput, policy: NetworkPolicy, peer: PolicyPeer): boolean {
  if (peer.kind === "ipBlock") return true;
  if (isBroad(peer)) return true;
  const predicate = predicateOf(peer, policy.namespace);
  if (predicate.kind !== "pods") return true;
  const known = [...input.podsOf(podPredicate(predicate.namespace, predicate.pods))];
  return (
    known.length === 0 || known.some(({ name }) => /prom|monitor|metric|agent|otel|telegraf|grafana|scrape/i.test(name))
  );
}

/** Pods of other namespaces, or all of the own. */
function isBroad({ namespaceSelector, podSelector }: PodPeer): boolean {
  return namespaceSelector !== undefined || (podSelector?.requirements.length ?? 0) === 0;
}
