import {
  type Address,
  type AddressInterval,
  type Cidr,
  type Cluster,
  type Endpoint,
  type Family,
  type FastEvaluator,
  addressFamilies,
  blocksOf,
  cidrContains,
  compareAddresses,
  firstAddress,
  formatCidr,
  nextAddress,
} from "@podwall/engine";

/**
 * The ends that are no pods: every block that policies name, and `outside` for what none holds. An address of a block
 * that no smaller one holds stands for it; a block that smaller ones are all of is no end, since they are. Policies tell no
 * two addresses of an end apart but those of pods, of nodes and of pod ranges, which are no one's sample where there is
 * another. Where the two families of the outside are treated differently, each is an end.
 */
export function outsideEnds(cluster: Cluster, evaluator: FastEvaluator): ReadonlyMap<string, Endpoint> {
  const blocks = namedBlocks(cluster);
  const samples = ownAddresses([...blocks.values()]);
  return new Map([
    ...[...blocks].flatMap(([name, cidr]): [string, Endpoint][] => {
      const address = samples.get(cidr);
      return address === undefined ? [] : [[name, { kind: "address", address }]];
    }),
    ...strangers(cluster, evaluator, [...blocks.values()]),
  ]);
}

/** What no block holds. */
function strangers(cluster: Cluster, evaluator: FastEvaluator, blocks: readonly Cidr[]): ReadonlyMap<string, Endpoint> {
  const nodes = [...cluster.nodes.values()];
  const taken: AddressInterval[] = [
    ...blocks,
    ...nodes.flatMap(({ podCidrs }) => podCidrs),
    ...[...nodes, ...cluster.pods].flatMap(({ addresses }) => addresses.map((own) => ({ first: own, last: own }))),
  ].sort((a, b) => compareAddresses(a.first, b.first));
  const families = addressFamilies(cluster, blocksOf(cluster));
  const found = new Map<string, Endpoint>();
  for (const family of families.size === 0 ? ([4] as const) : ([4, 6] as const).filter((one) => families.has(one))) {
    const address = firstFree(family, taken);
    if (address !== undefined) found.set(`outside IPv${family}`, { kind: "address", address });
  }
  const [only] = found.values();
  return only !== undefined && areAlike(evaluator, found) ? new Map([["outside", only]]) : found;
}

/** The first address of a family that is in none of these intervals, which come by their first addresses. */
function firstFree(family: Family, taken: readonly AddressInterval[]): Address | undefined {
  let free: Address | undefined = firstAddress(family);
  for (const { first, last } of taken) {
    if (first.family !== family) continue;
    if (free === undefined || compareAddresses(first, free) > 0) break;
    if (compareAddresses(last, free) >= 0) free = nextAddress(last);
  }
  return free;
}

/** Whether all pods may exchange the same with all of these ends. */
function areAlike(evaluator: FastEvaluator, ends: ReadonlyMap<string, Endpoint>): boolean {
  for (const block of evaluator.outsideBlocks(ends)) if (block.ends.length < ends.size) return false;
  return true;
}

/** The first address of each block that is in none of the smaller ones; blocks either hold another or are apart from it. */
function ownAddresses(blocks: readonly Cidr[]): ReadonlyMap<Cidr, Address> {
  const sorted = blocks.toSorted((a, b) => compareAddresses(a.first, b.first) || a.prefix - b.prefix);
  const found = new Map<Cidr, Address>();
  for (const [index, block] of sorted.entries()) {
    let address: Address | undefined = block.first;
    for (let next = index + 1; address !== undefined && next < sorted.length; next++) {
      const inner = sorted[next] as Cidr;
      if (compareAddresses(inner.first, address) > 0) break;
      if (cidrContains(inner, address)) address = nextAddress(inner.last);
    }
    if (address !== undefined && cidrContains(block, address)) found.set(block, address);
  }
  return found;
}

/** Every block, exception and network that policies name, by its text; but for all addresses of a family. */
function namedBlocks(cluster: Cluster): Map<string, Cidr> {
  return new Map(
    blocksOf(cluster)
      .filter(({ prefix }) => prefix > 0)
      .map((cidr) => [formatCidr(cidr), cidr]),
  );
}
