import { resources } from "../../../packages/kube/src/index.ts";
import { podAddresses } from "../../../packages/lab/src/index.ts";
import type { AgentCluster } from "./agent-cluster.ts";

/** A number at least 0 and less than 1, the same ones for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const namespaces = ["x", "y"] as const;
const apps = ["a", "b", "c"] as const;
const teams = ["red", "blue"] as const;
/** Few, so that they are used again soon. */
const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;
const mostPods = 7;

/** Writes to an API at random: pods, labels, policies, namespaces. */
export class RandomHistory {
  readonly #cluster: AgentCluster;
  readonly #random: () => number;
  readonly #pods = new Map<string, { readonly namespace: string; readonly name: string; readonly place: string }>();
  readonly #policies = new Map<string, { readonly namespace: string; readonly name: string }>();
  /** Addresses that are still routed to the pods that had them. */
  readonly #routed = new Set<string>();
  #count = 0;

  constructor(cluster: AgentCluster, seed: number) {
    this.#cluster = cluster;
    this.#random = randomFrom(seed);
  }

  async begin(): Promise<void> {
    for (const name of namespaces) await this.#cluster.namespace(name, { team: this.pick(teams) });
    for (let index = 0; index < 4; index++) await this.#addPod();
  }

  /** The network is as the API says: as a plugin frees an address only once its route is gone, so does this. */
  arranged(): void {
    this.#routed.clear();
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.#random() * items.length)] as T;
  }

  /** Gives what was done, in words. */
  async step(): Promise<string> {
    const { admin } = this.#cluster.api;
    const pod = this.pick([...this.#pods.values()]);
    const policy = this.pick([...this.#policies.values()]);
    switch (this.pick(["pod", "pod", "gone", "relabel", "end", "policy", "policy", "edit", "drop", "namespace"])) {
      case "pod":
        return this.#pods.size < mostPods ? this.#addPod() : "nothing";
      case "gone":
        if (pod === undefined || this.#pods.size < 4) return "nothing";
        this.#pods.delete(pod.name);
        this.#routed.add(pod.place);
        await this.#cluster.deletePod(pod.namespace, pod.name);
        return `delete pod ${pod.name}`;
      case "relabel":
        if (pod === undefined) return "nothing";
        await admin.patch(resources.pods, { metadata: { labels: { app: this.pick(apps) } } }, pod);
        return `relabel pod ${pod.name}`;
      case "end":
        if (pod === undefined || this.#pods.size < 4) return "nothing";
        // Its object stays, with its addresses, which are free.
        this.#pods.delete(pod.name);
        this.#routed.add(pod.place);
        await admin.patch(resources.pods, { status: { phase: "Succeeded" } }, { ...pod, subresource: "status" });
        return `end pod ${pod.name}`;
      case "policy":
        return this.#policies.size < 8 ? this.#addPolicy() : "nothing";
      case "edit":
        if (policy === undefined) return "nothing";
        // The lists of the old and the new are not merged: a list is replaced.
        await admin.patch(resources.networkPolicies, { spec: this.#policySpec() }, policy);
        return `edit policy ${policy.name}`;
      case "drop":
        if (policy === undefined) return "nothing";
        this.#policies.delete(policy.name);
        await admin.delete(resources.networkPolicies, policy);
        return `delete policy ${policy.name}`;
      default: {
        const name = this.pick(namespaces);
        await admin.patch(resources.namespaces, { metadata: { labels: { team: this.pick(teams) } } }, { name });
        return `relabel namespace ${name}`;
      }
    }
  }

  async #addPod(): Promise<string> {
    const taken = new Set([...this.#routed, ...[...this.#pods.values()].map(({ place }) => place)]);
    const free = [1, 2].flatMap((node) => numbers.map((number) => [node, number] as const));
    const open = free.filter(([a, b]) => !taken.has(`${a}.${b}`));
    if (open.length === 0) return "nothing";
    const [node, number] = this.pick(open);
    const pod = { namespace: this.pick(namespaces), name: `pod-${++this.#count}`, place: `${node}.${number}` };
    this.#pods.set(pod.name, pod);
    this.#routed.add(pod.place);
    const addresses = podAddresses(node, number);
    await this.#cluster.pod({ ...pod, node: `node-${node}`, labels: { app: this.pick(apps) }, addresses });
    return `create pod ${pod.name} at ${pod.place}`;
  }

  async #addPolicy(): Promise<string> {
    const policy = { namespace: this.pick(namespaces), name: `policy-${++this.#count}` };
    this.#policies.set(policy.name, policy);
    await this.#cluster.policy(policy.namespace, policy.name, this.#policySpec());
    return `create policy ${policy.name}`;
  }

  #policySpec(): object {
    const policyTypes = this.pick([["Ingress"], ["Egress"], ["Ingress", "Egress"]]);
    const rules = (peers: string): object[] =>
      Array.from({ length: this.pick([0, 1, 1, 2]) }, () => ({ [peers]: this.#peers(), ports: this.#ports() }));
    return {
      podSelector: this.#selector(),
      policyTypes,
      ingress: policyTypes.includes("Ingress") ? rules("from") : [],
      egress: policyTypes.includes("Egress") ? rules("to") : [],
    };
  }

  #selector(): object {
    const app = this.pick(apps);
    const expression = { key: "app", operator: this.pick(["In", "NotIn"]), values: [app] };
    return this.pick([{}, { matchLabels: { app } }, { matchExpressions: [expression] }]);
  }

  #peers(): object[] {
    const namespaceSelector = { matchLabels: { team: this.pick(teams) } };
    return this.pick([
      [],
      [{ podSelector: this.#selector() }],
      [{ namespaceSelector }],
      [{ namespaceSelector, podSelector: this.#selector() }],
      [{ ipBlock: { cidr: "10.244.0.0/16", except: ["10.244.1.0/30"] } }],
      [{ podSelector: this.#selector() }, { ipBlock: { cidr: "fd00:10:244:1::/64" } }],
    ]);
  }

  #ports(): object[] {
    return this.pick([[], [{ port: 80 }], [{ port: "web" }], [{ protocol: "UDP", port: 80, endPort: 8080 }]]);
  }
}
