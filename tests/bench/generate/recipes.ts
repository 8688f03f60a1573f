import { namespaceNameLabel } from "@podwall/engine";
import {
  type Link,
  type Place,
  anyApp,
  linkFrom,
  linkTo,
  namespaceName,
  nodesOf,
  podCidrOf,
  teamName,
} from "./place.ts";
import type { Yaml, YamlMap } from "./yaml-text.ts";

/** A kind of policy that people write; `spec` is that of a NetworkPolicy. */
export interface Recipe {
  readonly name: string;
  readonly spec: (place: Place) => YamlMap;
}

const everyPod: YamlMap = {};
const app = (name: string): YamlMap => ({ matchLabels: { app: name } });
const namespaceNamed = (name: string): YamlMap => ({ matchLabels: { [namespaceNameLabel]: name } });
const among = (key: string, values: readonly string[]): YamlMap => ({
  matchExpressions: [{ key, operator: "In", values }],
});
const tcp = (port: number | string, more: YamlMap = {}): YamlMap => ({ protocol: "TCP", port, ...more });
const dnsRule: YamlMap = {
  to: [{ namespaceSelector: namespaceNamed("kube-system"), podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }],
  ports: [{ protocol: "UDP", port: 53 }, tcp(53)],
};

function ingress(podSelector: YamlMap, from: readonly Yaml[], ports: readonly Yaml[] = []): YamlMap {
  return { podSelector, policyTypes: ["Ingress"], ingress: [{ from, ...(ports.length === 0 ? {} : { ports }) }] };
}

function egress(podSelector: YamlMap, to: readonly Yaml[], ports: readonly Yaml[]): YamlMap {
  return { podSelector, policyTypes: ["Egress"], egress: [{ to, ports }] };
}

const linkPorts = [tcp(8080), tcp("http")];
const linkEgress = ({ sourceApp, destination, destinationApp }: Link): YamlMap => {
  const to = [{ namespaceSelector: namespaceNamed(namespaceName(destination)), podSelector: app(destinationApp) }];
  return egress(app(sourceApp), to, linkPorts);
};
const linkIngress = ({ source, sourceApp, destinationApp }: Link): YamlMap => {
  const from = [{ namespaceSelector: namespaceNamed(namespaceName(source)), podSelector: app(sourceApp) }];
  return ingress(app(destinationApp), from, linkPorts);
};

const privateBlocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** Every recipe; its key is its name. */
export const recipes = {
  "default-deny": { spec: () => ({ podSelector: everyPod, policyTypes: ["Ingress", "Egress"] }) },
  "default-deny-of-app": { spec: (place) => ({ podSelector: app(anyApp(place)), policyTypes: ["Ingress", "Egress"] }) },
  "same-namespace": {
    spec: () => ({
      podSelector: everyPod,
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ podSelector: everyPod }] }],
      egress: [{ to: [{ podSelector: everyPod }] }],
    }),
  },
  "same-namespace-of-app": { spec: (place) => ingress(app(anyApp(place)), [{ podSelector: app(anyApp(place)) }]) },
  "allow-dns": { spec: () => ({ podSelector: everyPod, policyTypes: ["Egress"], egress: [dnsRule] }) },
  "allow-dns-of-app": {
    spec: (place) => ({ podSelector: app(anyApp(place)), policyTypes: ["Egress"], egress: [dnsRule] }),
  },
  "app-egress": { spec: ({ namespace, input }) => linkEgress(linkFrom(namespace, input)) },
  "app-ingress": { spec: ({ namespace, input }) => linkIngress(linkTo(namespace, input)) },
  "team-ingress": {
    spec: (place) => {
      const owners = among("team", [teamName(place.namespace), teamName(place.namespace + 1)]);
      const callers = among("tier", ["web", "api"]);
      return ingress(app(anyApp(place)), [{ namespaceSelector: owners, podSelector: callers }], [tcp(8080)]);
    },
  },
  "team-egress": {
    spec: (place) => {
      const owners = among("team", [teamName(place.namespace), teamName(place.namespace - 1)]);
      const servers = { matchExpressions: [{ key: "tier", operator: "Exists" }] };
      return egress(
        app(anyApp(place)),
        [{ namespaceSelector: owners, podSelector: servers }],
        [tcp(8080), tcp(9090), tcp(30000, { endPort: 31000 })],
      );
    },
  },
  "port-range": {
    spec: (place) => {
      const peers = [{ namespaceSelector: {}, podSelector: { matchLabels: { app: anyApp(place), tier: "web" } } }];
      const ports = [tcp(30000, { endPort: 32767 })];
      return {
        podSelector: app(anyApp(place)),
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: peers, ports }],
        egress: [{ to: peers, ports }],
      };
    },
  },
  "named-port": {
    spec: (place) => {
      const peers = [{ namespaceSelector: {}, podSelector: app(anyApp(place)) }];
      const ports = [tcp("metrics")];
      return {
        podSelector: app(anyApp(place)),
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: peers, ports }],
        egress: [{ to: peers, ports }],
      };
    },
  },
  "ip-block-egress": {
    spec: (place) => {
      const blocks = [{ ipBlock: { cidr: "0.0.0.0/0", except: privateBlocks } }];
      const blocks6 = place.input.dualStack ? [{ ipBlock: { cidr: "::/0", except: ["fd00::/8"] } }] : [];
      return egress(app(anyApp(place)), [...blocks, ...blocks6], [tcp(443)]);
    },
  },
  "ip-block-ingress": {
    spec: (place) => {
      const { namespace, random } = place;
      // Every second one holds pods, as a block for everything inside does.
      const inside = { cidr: "10.0.0.0/8", except: [`10.${random.below(200)}.0.0/16`] };
      const block = namespace % 2 === 0 ? inside : { cidr: "203.0.113.0/24", except: ["203.0.113.128/25"] };
      const block6 = { cidr: "2001:db8::/32", except: [`2001:db8:${random.below(256).toString(16)}::/48`] };
      const blocks = place.input.dualStack ? [block, block6] : [block];
      return ingress(
        app(anyApp(place)),
        blocks.map((ipBlock) => ({ ipBlock })),
        [tcp(8080)],
      );
    },
  },
  // Rare and hard: it tells an app's pods apart by the node that they are on.
  "node-block-ingress": {
    spec: (place) => {
      const node = podCidrOf(place.random.below(nodesOf(place.input.profile)));
      const cidr = node.replace(/\.\d+\.0\/24$/, ".0.0/16");
      return ingress(app(anyApp(place)), [{ ipBlock: { cidr, except: [node] } }], [tcp(8080)]);
    },
  },
} as const satisfies Readonly<Record<string, Omit<Recipe, "name">>>;

export type RecipeName = keyof typeof recipes;
