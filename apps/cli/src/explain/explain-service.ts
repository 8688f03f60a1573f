import {
  type Cluster,
  type Pod,
  type Service,
  type ServicePort,
  backendsOf,
  nearest,
  podKey,
  targetPortOf,
  waysIn,
} from "@podwall/engine";
import { jsonWayIn, waysInText } from "@podwall/report";
import { styleFor } from "../colour.ts";
import { findEnds } from "../find-ends.ts";
import { verdictAnswer } from "./explain-connection.ts";
import type { ExplainAnswer, ExplainInput, FoundAnswer } from "./explain-input.ts";
import { type Question, type ServiceName, world } from "./question.ts";

type ServiceQuestion = Extract<Question, { readonly kind: "service" }>;

/** Whether a Service is reached: from outside and by which ways, or from an end. */
export function explainService(input: ExplainInput, question: ServiceQuestion): ExplainAnswer {
  const service = findService(input.given, question.service, input.flags.namespace);
  if ("problem" in service) return service;
  const { port, protocol } = question.target;
  const ports = service.ports.filter((one) => port === undefined || (one.port === port && one.protocol === protocol));
  if (ports.length === 0) {
    const has = service.ports.map((one) => `${one.port}/${one.protocol}`).join(", ");
    return {
      problem: `Service ${podKey(service)} has no port ${port}/${protocol}; it has ${has === "" ? "none" : has}`,
    };
  }
  const narrowed = { ...service, ports };
  return question.from === world ? fromWorld(input, narrowed) : fromEnd(input, narrowed, question.from);
}

function fromWorld({ context, flags, cluster, seen, given }: ExplainInput, service: Service): ExplainAnswer {
  const via: Pod[] = [];
  for (const name of flags.via ?? []) {
    const pods = given.pods.filter((pod) => [podKey(pod), `${pod.namespace}/${pod.workload?.name}`].includes(name));
    if (pods.length === 0) return { problem: `--via ${name} is no namespace/name of a pod or workload in the input` };
    const keys = new Set(pods.map(podKey));
    via.push(...cluster.pods.filter((pod) => keys.has(podKey(pod))));
  }
  const ways = waysIn(seen, service, via);
  const isYes = ways.some(({ answer }) => answer === "allowed" || answer === "partly");
  return {
    text: waysInText(service, ways, styleFor(context.process.stdout)),
    kind: "WaysIn",
    fields: { service: podKey(service), ways: ways.map(jsonWayIn) },
    isYes,
  };
}

/** One backend stands for those of its workload. */
function fromEnd(input: ExplainInput, service: Service, from: string): ExplainAnswer {
  const { context, given } = input;
  const style = styleFor(context.process.stdout);
  const answers: { readonly port: ServicePort; readonly answer: FoundAnswer }[] = [];
  const problems: string[] = [];
  for (const port of service.ports) {
    for (const pod of onePerWorkload(backendsOf(given, service))) {
      const target = targetPortOf(pod, port);
      if (target === undefined) {
        problems.push(`${podKey(pod)} declares no port "${port.targetPort}"`);
        continue;
      }
      const found = findEnds(given, { from, to: podKey(pod), namespace: input.flags.namespace });
      if ("problem" in found) return found;
      answers.push({
        port,
        answer: verdictAnswer(input, found, {
          protocol: port.protocol,
          port: target,
          throughService: true,
        }),
      });
    }
  }
  if (answers.length + problems.length === 0) {
    return { problem: `Service ${podKey(service)} selects no running pod of the input` };
  }
  const texts = answers.map(({ port, answer }) => {
    return `${style.bold(`Service ${podKey(service)} ${port.protocol} ${port.port}`)}: ${answer.text}`;
  });
  return {
    text: [...texts, ...problems.map((line) => `${style.bad("denied")}: ${line}`)].join("\n"),
    kind: "ServiceVerdicts",
    fields: {
      service: podKey(service),
      verdicts: answers.map(({ port, answer }) => ({ servicePort: port.port, ...answer.fields })),
      problems,
    },
    isYes: problems.length === 0 && answers.every(({ answer }) => answer.isYes),
  };
}

function onePerWorkload(pods: readonly Pod[]): readonly Pod[] {
  return [...new Map(pods.toReversed().map((pod) => [pod.workload?.name ?? pod.name, pod])).values()].toReversed();
}

function findService(
  { services }: Cluster,
  { namespace, name }: ServiceName,
  preferred = "default",
): Service | { readonly problem: string } {
  const named = services.filter((one) => one.name === name && (namespace === undefined || one.namespace === namespace));
  const [first] = named;
  const inPreferred = named.find((one) => one.namespace === preferred);
  if (first !== undefined && (named.length === 1 || inPreferred !== undefined)) return inPreferred ?? first;
  const text = namespace === undefined ? name : `${namespace}/${name}`;
  if (first !== undefined) {
    const which = named.map((one) => `${one.namespace}/svc/${one.name}`).join(", ");
    return { problem: `Service "${text}" is in several namespaces: say which: ${which}` };
  }
  const near = nearest(text, [...services.map((one) => one.name), ...services.map(podKey)]);
  return {
    problem: `there is no Service "${text}" in the input${near === undefined ? "" : `; did you mean ${near}?`}`,
  };
}
