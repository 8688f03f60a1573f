import { namespaceNameLabel } from "@podwall/engine";
import type { BenchInput } from "./bench-input.ts";
import { type Place, anyApp, namespaceName, teamName, teams } from "./place.ts";
import { Random } from "./random.ts";
import type { YamlMap } from "./yaml-text.ts";

/** One ClusterNetworkPolicy for so many NetworkPolicies, and five at least. */
const networkPoliciesPerClusterPolicy = 50;
const fewest = 5;

/** Gives the spec of a ClusterNetworkPolicy (policy.networking.k8s.io/v1alpha2) but for its priority. */
type ClusterRecipe = (place: Place) => YamlMap;

const everyNamespace: YamlMap = { namespaces: {} };
const team = (name: string): YamlMap => ({ matchLabels: { team: name } });
const tcp = (port: number): YamlMap => ({ tcp: { destinationPort: { number: port } } });
const udp = (port: number): YamlMap => ({ udp: { destinationPort: { number: port } } });
const tcpRange = (start: number, end: number): YamlMap => ({ tcp: { destinationPort: { range: { start, end } } } });
const dnsPods: YamlMap = {
  namespaceSelector: { matchLabels: { [namespaceNameLabel]: "kube-system" } },
  podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
};
const rule = (action: "Accept" | "Deny" | "Pass", more: YamlMap): YamlMap => ({ action, ...more });
const appEverywhere = (place: Place): YamlMap => ({
  namespaceSelector: {},
  podSelector: { matchLabels: { app: anyApp(place) } },
});

const recipes: readonly ClusterRecipe[] = [
  // Whoever collects metrics may reach them everywhere, whatever namespaces say.
  (place) => ({
    tier: "Admin",
    subject: everyNamespace,
    ingress: [
      rule("Accept", { from: [{ pods: appEverywhere(place) }], protocols: [{ destinationNamedPort: "metrics" }] }),
    ],
  }),
  // A team's namespaces decide about each other themselves; databases are closed to everyone else.
  ({ namespace }) => ({
    tier: "Admin",
    subject: { pods: { namespaceSelector: team(teamName(namespace)), podSelector: { matchLabels: { tier: "db" } } } },
    ingress: [
      rule("Pass", { from: [{ namespaces: team(teamName(namespace)) }] }),
      rule("Deny", { from: [{ namespaces: {} }], protocols: [tcpRange(1, 9000), udp(53)] }),
    ],
  }),
  // The way out: the API server, cluster pods as namespaces decide, and no metadata service.
  (place) => ({
    tier: "Admin",
    subject: { namespaces: team(teamName(place.namespace)) },
    egress: [
      rule("Accept", {
        to: [{ nodes: { matchLabels: { "node-role.kubernetes.io/control-plane": "true" } } }],
        protocols: [tcp(6443)],
      }),
      rule("Pass", { to: [{ namespaces: {} }] }),
      rule("Deny", {
        to: [{ networks: ["169.254.169.254/32", `198.51.100.${place.random.below(128) * 2}/31`] }],
        protocols: [tcp(80), tcpRange(8000, 8999)],
      }),
      ...(place.input.dualStack ? [rule("Deny", { to: [{ networks: ["fd00:ec2::254/128"] }] })] : []),
    ],
  }),
  // Where a namespace has no policy: DNS and its own team.
  ({ namespace }) => ({
    tier: "Baseline",
    subject: { namespaces: { matchExpressions: [{ key: "team", operator: "Exists" }] } },
    egress: [
      rule("Accept", { to: [{ pods: dnsPods }], protocols: [udp(53), tcp(53)] }),
      rule("Accept", { to: [{ namespaces: team(teamName(namespace)) }] }),
      rule("Deny", { to: [{ namespaces: {} }, { networks: ["0.0.0.0/0", "::/0"] }] }),
    ],
  }),
  (place) => ({
    tier: "Baseline",
    subject: { namespaces: { matchLabels: { [namespaceNameLabel]: namespaceName(place.namespace) } } },
    ingress: [
      rule("Pass", { from: [{ pods: appEverywhere(place) }], protocols: [tcp(8080)] }),
      rule("Deny", {
        from: [{ namespaces: { matchExpressions: [{ key: "team", operator: "NotIn", values: otherTeams(place) }] } }],
      }),
    ],
  }),
];

function otherTeams({ namespace }: Place): string[] {
  return Array.from({ length: teams - 1 }, (_, step) => teamName(namespace + step + 1));
}

/** The cluster-wide policies of a cluster, each with a priority of its own in its tier. */
export function clusterPolicies(input: BenchInput): YamlMap[] {
  const { policies, namespaces } = input.profile;
  const count = Math.max(fewest, Math.round(policies / networkPoliciesPerClusterPolicy));
  return Array.from({ length: count }, (_, index) => {
    const random = new Random(`${input.seed} cluster policy ${index}`);
    const namespace = random.below(namespaces);
    const recipe = recipes[index % recipes.length] as ClusterRecipe;
    const { tier, subject, ...rules } = recipe({ input, namespace, random });
    return {
      apiVersion: "policy.networking.k8s.io/v1alpha2",
      kind: "ClusterNetworkPolicy",
      metadata: { name: `tier-${index}` },
      spec: { tier, priority: index, subject, ...rules } as YamlMap,
    };
  });
}
