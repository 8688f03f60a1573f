/** A node of the cluster: each is a network namespace of that name. */
export interface NodePlan {
  readonly name: string;
  readonly address: string;
  readonly podRange: string;
}

export const outsideAddress = "172.30.0.1";
export const prefixLength = 24;
export const clusterRange = "10.244.0.0/16";
export const serviceRange = "10.96.0.0/16";
export const firstService = "10.96.0.1";
export const apiPort = 6443;

/** The nodes, on one link with the outside. The first has the control plane. */
export function nodePlans(count: number): readonly [NodePlan, ...NodePlan[]] {
  const plan = (index: number): NodePlan => ({
    name: `node${index + 1}`,
    address: `172.30.0.${index + 2}`,
    podRange: `10.244.${index}.0/24`,
  });
  return [plan(0), ...Array.from({ length: count - 1 }, (_, index) => plan(index + 1))];
}
