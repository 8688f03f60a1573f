import type { Pair } from "./pair.ts";

/**
 * A pair with the messages sorted that an API server gives in another order each time it is asked, since it goes through Go's
 * maps: all that it finds by a definition's schema, and what is wrong with the keys and values of one mapping.
 */
export function inSettledOrder(pair: Pair): Pair {
  const { manifest, server, podwall } = pair;
  const isByMap = manifest.kind !== "NetworkPolicy" && (pair.stage === "schema" || pair.stage === "all");
  return {
    ...pair,
    server: settled(server, (message) => message, isByMap),
    podwall: settled(podwall, ({ message }) => message, isByMap),
  };
}

function settled<Item>(items: readonly Item[], textOf: (item: Item) => string, isByMap: boolean): readonly Item[] {
  const groups: Item[][] = [];
  let path: string | undefined;
  for (const item of items) {
    const next = isByMap ? "" : /^(\S*[lL]abels|metadata\.annotations): /.exec(textOf(item))?.[1];
    if (next !== undefined && next === path) groups.at(-1)?.push(item);
    else groups.push([item]);
    path = next;
  }
  return groups.flatMap((group) => group.toSorted((one, other) => (textOf(one) < textOf(other) ? -1 : 1)));
}
