import { isIPv6 } from "node:net";
import { type ProbeContainerOptions, probeContainer } from "../probing/probe-container.ts";
import { liveScript } from "../probing/probe-script.ts";
import { restrictedSpec } from "../probing/restricted-spec.ts";
import type { Probe } from "./doctor-test.ts";
import { ownNode } from "./doctor-test.ts";
import { madeBy, roleLabel, sideLabel } from "./labels.ts";

/** Pods of a kind; `copies` of them run, on different nodes where there are some. */
export interface Role {
  readonly name: string;
  readonly copies: 1 | 2;
}

export const servers = [
  "free",
  "guarded",
  "closed",
  "udp",
  "ranged",
  "named-8080",
  "named-8081",
  "by-block",
  "sctp-only",
  "sctp",
  "live-server",
] as const;

/** A kernel without SCTP cannot run it. */
export const optionalServer = "sctp";
/** Where a cluster allows no sysctls, it does not start. */
export const optionalClient = "pinger";

export const clients: readonly Role[] = [
  { name: "friend", copies: 2 },
  { name: "stranger", copies: 2 },
  { name: "caged", copies: 1 },
  { name: "blocked", copies: 1 },
  { name: "pinger", copies: 1 },
];

export const liveClient = "live-client";
export const racer = "racer";
export const racers = 4;

export function podNames({ name, copies }: Role): readonly string[] {
  return Array.from({ length: copies }, (_, index) => (copies === 1 ? name : `${name}-${index + 1}`));
}

/** A probe with its number, by which a client's log names it. */
export type Numbered = Probe & { readonly number: number };

/** The pod of a server: TCP on 8080 to 8083, but where its name says otherwise. */
export function serverPod(name: (typeof servers)[number], image: string): object {
  const ready = { readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1, failureThreshold: 2 } };
  const containers = {
    tcp: [porter(image, { SERVE_PORT: [8080, 8081, 8082, 8083], web: webPort(name) }, ready)],
    udp: [netexec("first", image, 9053, 8080, ready), netexec("second", image, 9054, 8081, {})],
    sctp: [porter(image, { SERVE_SCTP_PORT: [9000, 9001] }, {})],
  };
  const kind = name === "udp" || name === "sctp" ? name : "tcp";
  return pod({ name, role: name, side: "server", containers: containers[kind], restartPolicy: "Always" });
}

function webPort(name: string): number | undefined {
  return name === "named-8080" ? 8080 : name === "named-8081" ? 8081 : undefined;
}

export interface ClientPodOptions extends Omit<ProbeContainerOptions, "probes"> {
  readonly name: string;
  readonly role: string;
  readonly probes: readonly Numbered[];
  /** Of servers, by their names. */
  readonly addresses: ReadonlyMap<string, string>;
}

/** A pod that tries its probes over and over. */
export function clientPod(options: ClientPodOptions): object {
  const { name, role, image, probes, addresses, ...settings } = options;
  const isSix = isIPv6([...addresses.values()][0] ?? "");
  const bracketed = (host: string) => (isSix ? `[${host}]` : host);
  const argument = ({ number, to, protocol, port = 0 }: Numbered): string => {
    const host = to === ownNode ? "$(HOST_IP)" : (addresses.get(to) ?? "");
    return `${number} ${protocol} ${host} ${bracketed(host)}:${port}`;
  };
  const container = probeContainer({ ...settings, image, probes: probes.map(argument) });
  const pings = probes.some(({ protocol }) => protocol === "icmp");
  return pod({ name, role, side: "client", containers: [container], pings });
}

/** A pod that keeps one connection. */
export function livePod(image: string, address: string): object {
  const container = {
    name: "probes",
    image,
    command: ["/bin/bash", "-c", liveScript, "live"],
    args: [address, "8080"],
    env: [{ name: "ROUNDS", value: "600" }],
  };
  return pod({ name: liveClient, role: liveClient, side: "client", containers: [container] });
}

function porter(
  image: string,
  {
    web,
    ...ports
  }: { readonly web?: number | undefined } & Readonly<Record<string, readonly number[] | number | undefined>>,
  more: object,
): object {
  const env = Object.entries(ports).flatMap(([prefix, numbers]) =>
    (Array.isArray(numbers) ? numbers : []).map((port) => ({ name: `${prefix}_${port}`, value: "here" })),
  );
  const named = web === undefined ? {} : { ports: [{ name: "web", containerPort: web, protocol: "TCP" }] };
  return { name: "server", image, command: ["/agnhost"], args: ["porter"], env, ...named, ...more };
}

function netexec(name: string, image: string, udp: number, http: number, more: object): object {
  const args = ["netexec", `--udp-port=${udp}`, `--http-port=${http}`];
  return { name, image, command: ["/agnhost"], args, ...more };
}

interface PodOptions {
  readonly name: string;
  readonly role: string;
  readonly side: "client" | "server";
  readonly containers: readonly object[];
  readonly restartPolicy?: "Always" | "Never";
  readonly pings?: boolean;
}

/** Pods with no rights are let open ping sockets by a sysctl that Pod Security allows. */
function pod({ name, role, side, containers, restartPolicy = "Never", pings = false }: PodOptions): object {
  const sysctls = pings ? { sysctls: [{ name: "net.ipv4.ping_group_range", value: "0 2147483647" }] } : {};
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { ...madeBy, [roleLabel]: role, [sideLabel]: side } },
    spec: restrictedSpec(containers, {
      restartPolicy,
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: side === "client" ? { [roleLabel]: role } : { [sideLabel]: side } },
        },
      ],
      securityContext: sysctls,
    }),
  };
}
