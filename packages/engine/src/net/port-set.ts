/** An inclusive interval of port numbers. */
export interface PortInterval {
  readonly first: number;
  readonly last: number;
}

/** A set of ports, 0 to 65535: sorted, disjoint intervals that do not touch, so equal sets have equal text. */
export type PortSet = readonly PortInterval[];

export const noPorts: PortSet = [];
export const allPorts: PortSet = [{ first: 0, last: 65535 }];

/** Whether a port is in a set. */
export function portSetHas(set: PortSet, port: number): boolean {
  return set.some((interval) => interval.first <= port && port <= interval.last);
}

export function unionPorts(a: PortSet, b: PortSet): PortSet {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const union: { first: number; last: number }[] = [];
  for (const { first, last } of [...a, ...b].sort((x, y) => x.first - y.first)) {
    const previous = union.at(-1);
    if (previous !== undefined && first <= previous.last + 1) previous.last = Math.max(previous.last, last);
    else union.push({ first, last });
  }
  return union;
}

export function intersectPorts(a: PortSet, b: PortSet): PortSet {
  const both: PortInterval[] = [];
  for (const x of a) {
    for (const y of b) {
      const first = Math.max(x.first, y.first);
      const last = Math.min(x.last, y.last);
      if (first <= last) both.push({ first, last });
    }
  }
  return both;
}

export function subtractPorts(a: PortSet, b: PortSet): PortSet {
  let rest: PortSet = a;
  for (const hole of b) {
    rest = rest.flatMap(({ first, last }) => {
      if (hole.last < first || last < hole.first) return [{ first, last }];
      const pieces: PortInterval[] = [];
      if (first < hole.first) pieces.push({ first, last: hole.first - 1 });
      if (hole.last < last) pieces.push({ first: hole.last + 1, last });
      return pieces;
    });
  }
  return rest;
}

/** `80,8000-9000`, or the empty text. */
export function formatPorts(set: PortSet): string {
  return set.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
}
