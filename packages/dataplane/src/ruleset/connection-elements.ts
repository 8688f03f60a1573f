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

export type LookupElements = Readonly<Record<LookupForm, readonly string[]>>;

/** The elements that allow identity `id` what is in `allowed` and not already in `common`. */
export function connectionElements(id: number, allowed: ConnectionSet, common: ConnectionSet): LookupElements {
  const extra = subtract(allowed, common);
  const elements: Record<LookupForm, string[]> = {
    any: [],
    other: [],
    proto: [],
    exact: [],
    range: [],
  };
  if (extra.other && protocols.every((protocol) => isEveryPort(extra, protocol))) {
    elements.any.push(`${id}`);
    return elements;
  }
  if (extra.other) elements.other.push(`${id}`);
  for (const protocol of protocols) {
    const number = protocolNumbers[protocol];
    if (isEveryPort(extra, protocol)) {
      elements.proto.push(`${id} . ${number}`);
      continue;
    }
    for (const { first, last } of extra[protocol]) {
      if (first === last) elements.exact.push(`${id} . ${number} . ${first}`);
      else elements.range.push(`${id} . ${number} . ${first}-${last}`);
    }
  }
  return elements;
}

/** Whether a protocol passes whatever the port. */
export function isEveryPort(set: ConnectionSet, protocol: Protocol): boolean {
  const [only] = set[protocol];
  return only !== undefined && only.first === 0 && only.last === 65535;
}
