import type { BenchInput } from "./bench-input.ts";
import { clusterPolicies } from "./cluster-policies.ts";
import type {
  GeneratedApp,
  GeneratedCluster,
  GeneratedNamespace,
  GeneratedNode,
  GeneratedPod,
} from "./generated-cluster.ts";
import type { Mix } from "./mix.ts";
import { appName, namespaceName, nodesOf, podCidrOf, teamName, tiers } from "./place.ts";
import { appsPerNamespace, podsPerApp } from "./profile.ts";
import { Random } from "./random.ts";
import { type RecipeName, recipes } from "./recipes.ts";
import type { YamlMap } from "./yaml-text.ts";

const dnsPods = 2;
/** Every so many apps, one keeps state: its pods have a label each of their own. */
const appsPerStateful = 10;

/** Makes a cluster; equal input gives an equal cluster. */
export function generateCluster(input: BenchInput): GeneratedCluster {
  const { profile } = input;
  const makePod = podMaker(input);
  const apps = appsPerNamespace(profile);
  let left = profile.pods - dnsPods;
  const namespaces = Array.from({ length: profile.namespaces }, (_, namespace): GeneratedNamespace => {
    const own: GeneratedApp[] = [];
    for (let app = 0; app < apps && left > 0; app++) {
      const size = Math.min(podsPerApp, left);
      left -= size;
      own.push(makeApp({ input, namespace, app, size }, makePod));
    }
    const policies = namespacePolicies(input, namespace);
    return { name: namespaceName(namespace), labels: { team: teamName(namespace) }, apps: own, policies };
  });
  return {
    nodes: Array.from({ length: nodesOf(profile) }, (_, node) => makeNode(node, input)),
    namespaces: [...namespaces, kubeSystem(makePod)],
    clusterPolicies: input.mix.clusterPolicies ? clusterPolicies(input) : [],
  };
}

interface AppPlace {
  readonly input: BenchInput;
  readonly namespace: number;
  readonly app: number;
  readonly size: number;
}

type MakePod = (name: string, labels: GeneratedPod["labels"]) => GeneratedPod;

function makeApp({ input, namespace, app, size }: AppPlace, makePod: MakePod): GeneratedApp {
  const random = new Random(`${input.seed} app ${namespace} ${app}`);
  const name = appName(app);
  const isStateful = (namespace * 7 + app) % appsPerStateful === appsPerStateful - 1;
  const tier = isStateful ? "db" : random.pick(tiers);
  const labels = { app: name, tier, team: teamName(namespace), "app.kubernetes.io/part-of": namespaceName(namespace) };
  const hash = random.next().toString(36);
  const pods = Array.from({ length: size }, (_, index) => {
    const own = `${name}-${index}`;
    // What controllers add to their pods' labels, which no policy should read.
    const added = isStateful ? { "statefulset.kubernetes.io/pod-name": own } : { "pod-template-hash": `h${hash}` };
    return makePod(own, { ...labels, ...added });
  });
  const ports = [
    { name: "http", protocol: "TCP", port: 8080 + random.below(3) },
    { name: "metrics", protocol: "TCP", port: 9090 + random.below(2) },
  ] as const;
  return { name, labels, ports, pods };
}

/** Where policies let everyone ask for names. */
function kubeSystem(makePod: MakePod): GeneratedNamespace {
  const labels = { "k8s-app": "kube-dns" };
  const ports = [
    { name: "dns", protocol: "UDP", port: 53 },
    { name: "dns-tcp", protocol: "TCP", port: 53 },
    { name: "metrics", protocol: "TCP", port: 9153 },
  ] as const;
  const pods = Array.from({ length: dnsPods }, (_, index) => makePod(`coredns-${index}`, labels));
  return { name: "kube-system", labels: {}, apps: [{ name: "coredns", labels, ports, pods }], policies: [] };
}

/** Gives pods nodes in turn, and each the next address of its node. */
function podMaker({ profile, dualStack }: BenchInput): MakePod {
  const nodes = nodesOf(profile);
  let made = 0;
  return (name, labels) => {
    const node = made % nodes;
    const host = 2 + Math.floor(made / nodes);
    made++;
    const address = podCidrOf(node).replace(/0\/24$/, `${host}`);
    const address6 = `fd00:10:64:${node.toString(16)}::${host.toString(16)}`;
    return { name, labels, node: nodeName(node), addresses: dualStack ? [address, address6] : [address] };
  };
}

function makeNode(node: number, { dualStack }: BenchInput): GeneratedNode {
  const number = (node + 1).toString(16);
  return {
    name: nodeName(node),
    labels: {
      "kubernetes.io/hostname": nodeName(node),
      ...(node % 100 === 0 ? { "node-role.kubernetes.io/control-plane": "true" } : {}),
    },
    addresses: [`172.18.${node >> 7}.${(node & 127) + 1}`, ...(dualStack ? [`fd00:172:18::${number}`] : [])],
    podCidrs: [podCidrOf(node), ...(dualStack ? [`fd00:10:64:${node.toString(16)}::/64`] : [])],
  };
}

const nodeName = (node: number): string => `node-${node}`;

/** As many as the profile has for each namespace. */
function namespacePolicies({ profile, mix, ...input }: BenchInput, namespace: number): YamlMap[] {
  const count = profile.policies / profile.namespaces;
  return Array.from({ length: count }, (_, number) => {
    const name = recipeAt(mix, { namespace, number, count });
    const random = new Random(`${input.seed} policy ${namespace} ${number}`);
    return {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: `${name}-${number}`, namespace: namespaceName(namespace) },
      spec: recipes[name].spec({ input: { profile, mix, ...input }, namespace, random }),
    };
  });
}

/** Those of every namespace first; the rotation goes on from namespace to namespace. */
function recipeAt(
  { everywhere, rotation }: Mix,
  { namespace, number, count }: { readonly namespace: number; readonly number: number; readonly count: number },
): RecipeName {
  const turn = namespace * (count - everywhere.length) + number - everywhere.length;
  return (number < everywhere.length ? everywhere[number] : rotation[turn % rotation.length]) as RecipeName;
}
