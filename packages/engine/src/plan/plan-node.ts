import type { Cluster } from "../model/cluster.ts";
import { type Budgets, defaultBudgets } from "./budgets.ts";
import type { NodeLinks } from "./local-pods.ts";
import { NodePlanner } from "./node-planner.ts";
import type { NodePlan } from "./node-plan.ts";

/** Compiles what one node must enforce out of a single state of a cluster. */
export function planNode(
  cluster: Cluster,
  node: string,
  links: NodeLinks,
  budgets: Budgets = defaultBudgets,
): NodePlan {
  return new NodePlanner(node, budgets, { isAlone: true }).plan(cluster, links);
}
