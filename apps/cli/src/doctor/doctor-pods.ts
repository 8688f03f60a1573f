import { isIPv6 } from "node:net";
import type { Probe } from "./doctor-test.ts";
import { ownNode } from "./doctor-test.ts";
import { madeBy, roleLabel, sideLabel } from "./labels.ts";
import { liveScript, probeScript } from "./probe-script.ts";

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

export interface ClientPodOptions {
  readonly name: string;
  readonly role: string;
  readonly image: string;
  readonly probes: readonly Numbered[];
  /** Of servers, by their names. */
  readonly addresses: ReadonlyMap<string, string>;
  /** How long a probe may take, as agnhost reads it. */
  readonly timeout?: string;
  readonly rounds?: number;
  readonly pauseSeconds?: number;
}

/** A pod that tries its probes over and over; a round with denied probes takes as long as `timeout`. */
export function clientPod(options: ClientPodOptions): object {
  const { name, role, image, probes, addresses, timeout = "2s", rounds = 600, pauseSeconds = 1 } = options;
  const isSix = isIPv6([...addresses.values()][0] ?? "");
  const bracketed = (host: string) => (isSix ? `[${host}]` : host);
  const argument = ({ number, to, protocol, port = 0 }: Numbered): string => {
    const host = to === ownNode ? "$(HOST_IP)" : (addresses.get(to) ?? "");
    return `${number} ${protocol} ${host} ${bracketed(host)}:${port}`;
  };
  const container = {
    name: "probes",
    image,
    command: ["bash", "-c", probeScript, "probes"],
    args: probes.map(argument),
    env: [
      { name: "HOST_IP", valueFrom: { fieldRef: { fieldPath: "status.hostIP" } } },
      { name: "AGNHOST", value: "/agnhost" },
      { name: "TIMEOUT", value: timeout },
      { name: "ROUNDS", value: String(rounds) },
      { name: "PAUSE", value: String(pauseSeconds) },
    ],
  };
  const pings = probes.some(({ protocol }) => protocol === "icmp");
  return pod({ name, role, side: "client", containers: [container], pings });
}

/** A pod that keeps one connection. */
export function livePod(image: string, address: string): object {
  const container = {
    name: "probes",
    image,
    command: ["bash", "-c", liveScript, "live"],
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

/** As Pod Security's level `restricted` asks for. Pods with no rights are let open ping sockets by a sysctl that it allows. */
function pod({ name, role, side, containers, restartPolicy = "Never", pings = false }: PodOptions): object {
  const sysctls = pings ? { sysctls: [{ name: "net.ipv4.ping_group_range", value: "0 2147483647" }] } : {};
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { ...madeBy, [roleLabel]: role, [sideLabel]: side } },
    spec: {
      restartPolicy,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 0,
      nodeSelector: { "kubernetes.io/os": "linux" },
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: side === "client" ? { [roleLabel]: role } : { [sideLabel]: side } },
        },
      ],
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65_534,
        runAsGroup: 65_534,
        seccompProfile: { type: "RuntimeDefault" },
        ...sysctls,
      },
      containers: containers.map((container) => ({
        imagePullPolicy: "IfNotPresent",
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        ...container,
      })),
    },
  };
}
