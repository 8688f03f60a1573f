import type { KubeClient } from "../client/kube-client.ts";
import type { Resource } from "../client/resource.ts";
import type { FollowDefinition, Installed } from "./missing-resource.ts";
import type { WatchLimits } from "./watch-limits.ts";
import { watchResource } from "./watch-resource.ts";

const definitions: Resource = { group: "apiextensions.k8s.io", version: "v1", plural: "customresourcedefinitions" };

export interface FollowDefinitionOptions {
  readonly client: KubeClient;
  /** The resource that is defined. */
  readonly resource: Resource;
  readonly limits?: Partial<WatchLimits>;
}

/**
 * Follows a resource's CustomResourceDefinition, of which it reads only `metadata`. It needs the right to list and watch that
 * one, which a rule with `resourceNames` gives: the API server takes a field selector of `metadata.name` for the name. Without
 * the right it tells that nothing is known.
 */
export function followDefinition({ client, resource, limits = {} }: FollowDefinitionOptions): FollowDefinition {
  return async (onNews, signal) => {
    let isThere = false;
    let told: Installed | undefined;
    const tell = (installed: Installed): void => {
      told = installed;
      onNews(installed);
    };
    const now = (): Installed => (isThere ? "installed" : "absent");
    await watchResource({
      client,
      resource: definitions,
      fieldSelector: `metadata.name=${resource.plural}.${resource.group}`,
      only: "metadata",
      decode: () => true,
      limits,
      signal,
      onEvent: ({ kind }) => {
        if (kind === "changed" || kind === "unreadable") isThere = true;
        if (kind === "removed") isThere = false;
        // That the server was heard is no news, unless it had not been.
        if (kind === "problem") {
          if (told !== "unknown") tell("unknown");
        } else if (kind !== "heard" || told !== now()) tell(now());
      },
    });
  };
}
