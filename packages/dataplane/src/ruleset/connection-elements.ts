import { type ConnectionSet, type Protocol, protocols, subtract } from "@podwall/engine";

/** IANA protocol numbers. */
export const protocolNumbers: Readonly<Record<Protocol, number>> = {
  TCP: 6,
  UDP: 17,
  SCTP: 132,
};

/**
 * The sets a rule set may look a connection up in, by what their keys are made of:
 * `any` identity; `other` identity, for protocols without ports; `proto` identity and protocol; `exact` with one port;
 * `range` with an interval of ports.
 */
export const lookupForms = ["any", "other", "proto", "exact", "range"] as const;
export type LookupForm = (typeof lookupForms)[number];

/** What follows an identity's number in the elements of each form. */
export type LookupEnds = Readonly<Record<LookupForm, readonly string[]>>;

/** The elements that allow an identity what is in `allowed` and not already in `common`, without its number. */
export function connectionEnds(allowed: ConnectionSet, common: ConnectionSet): LookupEnds {
  const extra = subtract(allowed, common);
  const ends: Record<LookupForm, string[]> = {
    any: [],
    other: [],
    proto: [],
    exact: [],
    range: [],
  };
  if (extra.other && protocols.every((protocol) => isEveryPort(extra, protocol))) {
    ends.any.push("");
    return ends;
  }
  if (extra.other) ends.other.push("");
  for (const protocol of protocols) {
    const number = protocolNumbers[protocol];
    if (isEveryPort(extra, protocol)) {
      ends.proto.push(` . ${number}`);
      continue;
    }
    for (const { first, last } of extra[protocol]) {
      if (first === last) ends.exact.push(` . ${number} . ${first}`);
      else ends.range.push(` . ${number} . ${first}-${last}`);
    }
  }
  return ends;
}

/** Whether a protocol passes whatever the port. */
export function isEveryPort(set: ConnectionSet, protocol: Protocol): boolean {
  const [only] = set[protocol];
  return only !== undefined && only.first === 0 && only.last === 65535;
}
