/** How large a generated cluster is. */
export interface Profile {
  /** Pods and NetworkPolicies, such as `10k/2k`. */
  readonly name: string;
  /** Namespaces with applications; `kube-system` is one more. */
  readonly namespaces: number;
  readonly pods: number;
  readonly policies: number;
}

export const podsPerApp = 5;

export const profiles: readonly Profile[] = [
  { name: "100/50", namespaces: 10, pods: 100, policies: 50 },
  { name: "1k/500", namespaces: 50, pods: 1_000, policies: 500 },
  { name: "10k/2k", namespaces: 200, pods: 10_000, policies: 2_000 },
  { name: "100k/10k", namespaces: 2_000, pods: 100_000, policies: 10_000 },
];

/** How many applications every namespace has; the last namespace has fewer where the pods do not fill it. */
export function appsPerNamespace({ pods, namespaces }: Profile): number {
  return Math.ceil(pods / namespaces / podsPerApp);
}
