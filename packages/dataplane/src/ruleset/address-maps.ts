import { type Atom, type Family, formatAddress } from "@podwall/engine";
import { familyWords } from "./address-family.ts";
import { addElements } from "./commands.ts";

/** Commands that create and fill the map from every address of a family, by interval, to its identity. */
export function createAtoms(
  name: string,
  atoms: readonly Atom[],
  family: Family,
  ids: ReadonlyMap<string, number>,
): string[] {
  const { ip } = familyWords[family];
  const elements = atoms.map(
    ({ first, last, identity }) => `${formatAddress(first)}-${formatAddress(last)} : ${ids.get(identity) as number}`,
  );
  return [
    `add map inet podwall ${name} { typeof ct original ${ip} saddr : meta priority; flags interval; }`,
    ...addElements(name, elements),
  ];
}

/** Commands that create and fill a map from pod addresses to identities. */
export function createPods(
  name: string,
  family: Family,
  pods: Iterable<readonly [address: string, id: number]>,
): string[] {
  const { ip } = familyWords[family];
  return [
    `add map inet podwall ${name} { typeof ct original ${ip} saddr : meta priority; }`,
    ...addElements(
      name,
      [...pods].map(([address, id]) => `${address} : ${id}`),
    ),
  ];
}
