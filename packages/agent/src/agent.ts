import type { ApplyReport, Dataplane } from "@podwall/dataplane";
import { type Cluster, type NodeLinks, NodePlanner } from "@podwall/engine";

export interface AgentOptions {
  /** The name of the Node this agent enforces for. */
  readonly node: string;
  readonly dataplane: Dataplane;
  readonly links: NodeLinks;
}

/** Enforces a cluster's policies on one node. */
export class Agent {
  readonly node: string;
  readonly #dataplane: Dataplane;
  readonly #links: NodeLinks;
  readonly #planner: NodePlanner;

  constructor({ node, dataplane, links }: AgentOptions) {
    this.node = node;
    this.#planner = new NodePlanner(node);
    this.#dataplane = dataplane;
    this.#links = links;
  }

  /** Puts a cluster in force; resolves when the kernel judges by it. Rejects with an `NftError`. */
  update(cluster: Cluster): Promise<ApplyReport> {
    return this.#dataplane.apply(this.#planner.plan(cluster, this.#links));
  }
}
