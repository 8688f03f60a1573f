import { type ConnectionSet, type Protocol, protocols, subtract } from "@podwall/engine";

/** IANA protocol numbers. */
export const protocolNumbers: Readonly<Record<Protocol, number>> = {
  TCP: 6,
  UDP: 17,
  SCTP: 132,
};

/**
 * The sets a rule set may look a connection up in, by what follows a grant's number in their keys:
 * `other` nothing, for protocols without ports; `proto` a protocol; `exact` a protocol and a port; `range` a protocol and an
 * interval of ports.
 */
export const lookupForms = ["other", "proto", "exact", "range"] as const;
export type LookupForm = (typeof lookupForms)[number];

/** An element of a lookup set, without the number that it begins with. */
export interface ConnectionEnd {
  readonly form: LookupForm;
  /** Of the form `exact` or `range`. */
  readonly protocol?: Protocol;
  readonly text: string;
}

/** The elements that allow what is in `allowed` and not already in `common`. */
export function connectionEnds(allowed: ConnectionSet, common: ConnectionSet): "everything" | readonly ConnectionEnd[] {
  const extra = subtract(allowed, common);
  if (extra.other && protocols.every((protocol) => isEveryPort(extra, protocol))) return "everything";
  const ends: ConnectionEnd[] = extra.other ? [{ form: "other", text: "" }] : [];
  for (const protocol of protocols) {
    const number = protocolNumbers[protocol];
    if (isEveryPort(extra, protocol)) {
      ends.push({ form: "proto", text: ` . ${number}` });
      continue;
    }
    for (const { first, last } of extra[protocol]) {
      const isOne = first === last;
      ends.push({
        form: isOne ? "exact" : "range",
        protocol,
        text: ` . ${number} . ${isOne ? first : `${first}-${last}`}`,
      });
    }
  }
  return ends;
}

/** Whether a protocol passes whatever the port. */
export function isEveryPort(set: ConnectionSet, protocol: Protocol): boolean {
  const [only] = set[protocol];
  return only !== undefined && only.first === 0 && only.last === 65535;
}
