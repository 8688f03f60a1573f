import type { Service, ServicePort } from "../../../model/cluster.ts";
import type { NetworkPolicy } from "../../../model/network-policy.ts";
import type { Pod } from "../../../model/pod.ts";
import { diagnostic } from "../../../source/catalogue.ts";
import type { Diagnostic } from "../../../source/diagnostic.ts";
import type { FindingInput } from "../input.ts";
import { podsBehind, targetPorts } from "../listening.ts";
import { canBeReachedFromOutside } from "../rule-reach.ts";
import { nameRange, placesOf, podsText, policyText } from "../words.ts";

/** Webhooks and load balancers whose pods let nobody in but pods: their callers have addresses of nodes or from outside. */
export function* outsideCallers(input: FindingInput): Iterable<Diagnostic> {
  const services = new Map(input.cluster.services.map((service) => [`${service.namespace}/${service.name}`, service]));
  for (const configuration of input.webhooks) {
    for (const webhook of configuration.webhooks) {
      const { namespace, name, port } = webhook.service;
      const service = services.get(`${namespace}/${name}`);
      const own = service?.ports.find((one) => one.port === port);
      const cut = service && own && cutOff(input, service, own);
      if (service === undefined || cut === undefined) continue;
      const outcome = webhook.failurePolicy === "Fail" ? "requests it is asked about fail" : "requests pass unchecked";
      yield diagnostic(
        "PW3024",
        `${policyText(cut.policy)} keeps the API server from webhook ${webhook.name}: ${podsText(cut.pods)} let no address in on TCP ${cut.port}; ${outcome}`,
        {
          range: nameRange(cut.policy),
          related: placesOf(
            { message: `${configuration.kind} ${configuration.name} calls the Service`, range: webhook.range },
            { message: `Service ${namespace}/${name} leads to port ${cut.port}`, range: service.range },
          ),
          help: `allow TCP ${cut.port} with \`ipBlock\` for the API server's addresses, or in a rule without \`from\``,
        },
      );
    }
  }
  for (const service of input.cluster.services) {
    if (service.type !== "LoadBalancer" && service.type !== "NodePort") continue;
    for (const own of service.ports) {
      const cut = cutOff(input, service, own);
      if (cut === undefined) continue;
      const message = `${policyText(cut.policy)} keeps clients of Service ${service.namespace}/${service.name} (${service.type}) out: ${podsText(cut.pods)} let no address in on ${own.protocol} ${cut.port}`;
      yield diagnostic("PW3026", message, {
        range: nameRange(cut.policy),
        // Of a NodePort it may be meant that only pods use it.
        severity: service.type === "LoadBalancer" ? "warning" : "info",
        related: placesOf({ message: `the Service leads to port ${cut.port}`, range: service.range }),
        help: `allow ${own.protocol} ${cut.port} with \`ipBlock\` for the clients, or in a rule without \`from\``,
      });
      break;
    }
  }
}

interface CutOff {
  readonly policy: NetworkPolicy;
  readonly pods: readonly Pod[];
  readonly port: number;
}

/** Set where all pods behind a Service are isolated and none lets an outside address in at the port. */
function cutOff(input: FindingInput, service: Service, own: ServicePort): CutOff | undefined {
  const pods = podsBehind(input, service);
  let port: number | undefined;
  for (const pod of pods) {
    const targets = targetPorts(pod, own);
    if (targets.length === 0 || input.isolating(pod, "ingress").length === 0) return undefined;
    if (targets.some((target) => canBeReachedFromOutside(input, pod, own.protocol, target))) return undefined;
    port ??= targets[0];
  }
  const policy = pods[0] && closestPolicy(input, pods[0]);
  return policy === undefined || port === undefined ? undefined : { policy, pods, port };
}

/** The policy of a pod that is most likely to be changed: one that is about it, and no default for all pods. */
function closestPolicy(input: FindingInput, pod: Pod): NetworkPolicy | undefined {
  const isolating = input.isolating(pod, "ingress").filter(({ closedBecause }) => closedBecause === undefined);
  return isolating.find(({ podSelector }) => podSelector.requirements.length > 0) ?? isolating[0];
}
