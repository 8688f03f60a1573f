import type { Direction, NetworkPolicy, PolicyPort, PolicyRule } from "../../../model/network-policy.ts";
import type { Pod } from "../../../model/pod.ts";
import { allows } from "../../../net/connection-set.ts";
import { portsOfRule } from "../../../evaluate/ports-of-rule.ts";
import { predicateOf } from "../../../rules/predicate.ts";
import { nearest } from "../../../api/nearest.ts";
import { diagnostic } from "../../../source/catalogue.ts";
import type { Diagnostic } from "../../../source/diagnostic.ts";
import type { FindingInput } from "../input.ts";
import { listens, servicesOf, targetPorts } from "../listening.ts";
import { placesOf, podsText, portText } from "../words.ts";

/** Ports of rules that no destination has: a Service's port, a name that is not declared, a number nobody listens on. */
export function* portsOfNobody(input: FindingInput): Iterable<Diagnostic> {
  for (const { found } of wrongPorts(input)) yield found;
}

/** The ports of rules that are a Service's, with the port that it leads to, and whose rule it is. */
export function servicePorts(input: FindingInput): readonly ServicePortItem[] {
  return [...wrongPorts(input)].flatMap(({ item, target, policy }) =>
    target === undefined ? [] : [{ item, target, policy }],
  );
}

export interface ServicePortItem {
  readonly item: PolicyPort;
  readonly target: number;
  readonly policy: NetworkPolicy;
}

interface WrongPort {
  readonly item: PolicyPort;
  readonly found: Diagnostic;
  /** What should be written instead of a Service's port. */
  readonly target?: number;
}

function* wrongPorts(input: FindingInput): Iterable<WrongPort & { readonly policy: NetworkPolicy }> {
  for (const policy of input.policies) {
    for (const direction of ["ingress", "egress"] as const) {
      for (const rule of policy[direction]) {
        if (rule.ports.length === 0) continue;
        const destinations = destinationsOf(input, policy, direction, rule);
        for (const item of rule.ports) {
          const found =
            destinations === "addresses"
              ? nameAtAddress(item)
              : portFinding(input, item, { policy, direction, destinations });
          if (found !== undefined) yield { ...found, policy };
        }
      }
    }
  }
}

interface Place {
  readonly policy: NetworkPolicy;
  readonly direction: Direction;
  readonly destinations: readonly Pod[];
}

/** So many destinations are looked at; where there are more, a port is taken to be somebody's. */
const most = 200;

function destinationsOf(
  input: FindingInput,
  policy: NetworkPolicy,
  direction: Direction,
  { peers }: PolicyRule,
): readonly Pod[] | "addresses" {
  if (direction === "ingress") return input.subjectsOf(policy);
  if (peers.length === 0) return [];
  if (peers.every(({ kind }) => kind === "ipBlock")) return "addresses";
  if (peers.some(({ kind }) => kind === "ipBlock")) return [];
  const found = new Set<Pod>();
  for (const peer of peers) {
    const predicate = predicateOf(peer, policy.namespace);
    if (predicate.kind !== "pods") return [];
    for (const pod of input.podsOf(predicate)) found.add(pod);
    if (found.size >= most) return [];
  }
  return [...found];
}

function nameAtAddress(item: PolicyPort): WrongPort | undefined {
  if (item.port.kind !== "named") return undefined;
  const found = diagnostic(
    "PW3013",
    `${item.path}: ${portText(item)} stands for no port: the rule is for addresses only`,
    {
      range: item.range,
      help: "only pods declare port names; write the number",
    },
  );
  return { item, found };
}

function portFinding(input: FindingInput, item: PolicyPort, place: Place): WrongPort | undefined {
  const { destinations } = place;
  const { port, protocol } = item;
  if (destinations.length === 0 || port.kind === "all") return undefined;
  if (port.kind === "named") {
    const found = nameFinding(item, port.name, destinations);
    return found && { item, found };
  }
  const { first, last } = port;
  if (destinations.some((pod) => listens(input, pod, protocol, first, last))) return undefined;
  // Ranges are often wider than what listens at the moment.
  if (first !== last) return undefined;
  const service = servicePortFinding(input, item, first, place);
  if (service !== "none") return service;
  if (destinations.some((pod) => pod.ports.length === 0)) return undefined;
  const declared = [...new Set(destinations.flatMap((pod) => pod.ports.map((own) => `${own.protocol} ${own.port}`)))];
  const found = diagnostic(
    "PW3012",
    `${item.path}: ${podsText(destinations)} declare${verb(destinations)} no port ${portText(item)}`,
    {
      range: item.range,
      related: placesOf({ message: "the ports are declared here", range: destinations[0]?.range }),
      help: `declared are ${declared.slice(0, 5).join(", ")}; if it does listen on ${first}, declare the port to say so`,
    },
  );
  return { item, found };
}

function nameFinding(item: PolicyPort, name: string, destinations: readonly Pod[]): Diagnostic | undefined {
  const declared = destinations.flatMap((pod) => pod.ports.filter((own) => own.name !== undefined));
  if (declared.some((own) => own.name === name && own.protocol === item.protocol)) return undefined;
  const other = declared.find((own) => own.name === name);
  const near = nearest(name, [...new Set(declared.map((own) => own.name ?? ""))]);
  const names = [...new Set(declared.map((own) => `${own.name} (${own.port}/${own.protocol})`))];
  const help =
    other !== undefined
      ? `it is declared for ${other.protocol}: write \`protocol: ${other.protocol}\``
      : near !== undefined
        ? `did you mean \`${near}\`?`
        : names.length === 0
          ? "give the container port this name, or write its number"
          : `declared are ${names.slice(0, 5).join(", ")}`;
  return diagnostic(
    "PW3013",
    `${item.path}: ${podsText(destinations)} declare${verb(destinations)} no port ${portText(item)}`,
    {
      range: item.range,
      related: placesOf({ message: "the ports are declared here", range: destinations[0]?.range }),
      help,
    },
  );
}

function verb(pods: readonly Pod[]): string {
  return pods.length === 1 ? "s" : "";
}

/** Whether the number is a Service's; `none` where it is not, undefined where the pod's own is allowed as well. */
function servicePortFinding(
  input: FindingInput,
  item: PolicyPort,
  number: number,
  { policy, direction, destinations }: Place,
): WrongPort | undefined | "none" {
  for (const pod of destinations) {
    for (const service of servicesOf(input, pod)) {
      const own = service.ports.find(({ port, protocol }) => port === number && protocol === item.protocol);
      const [target] = own === undefined ? [] : targetPorts(pod, own);
      if (target === undefined || target === number) continue;
      const destination = { kind: "pod", pod } as const;
      const isAllowedToo = policy[direction].some((rule) =>
        allows(portsOfRule(rule.ports, destination), item.protocol, target),
      );
      if (isAllowedToo) return undefined;
      const found = diagnostic(
        "PW3011",
        `${item.path}: ${number} is the port of Service ${service.namespace}/${service.name}; ${podsText([pod])} listens on ${target}`,
        {
          range: item.range,
          related: placesOf({ message: `the Service leads to ${target}`, range: service.range }),
          help: `write \`port: ${target}\``,
        },
      );
      return { item, found, target };
    }
  }
  return "none";
}
