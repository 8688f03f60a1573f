import type { Diagnostic, Severity } from "./diagnostic.ts";
import type { SourceRange } from "./source-file.ts";

/** What a code means, apart from where it occurs. Its page is `docs/diagnostics/CODE.md`. */
export interface CatalogueEntry {
  readonly title: string;
  readonly severity: Severity;
}

/** Every code podwall reports: PW1xxx reading and decoding, PW2xxx validation, PW39xx network plugins. A code is never given another meaning. */
export const catalogue = {
  PW1001: { title: "The YAML cannot be read", severity: "error" },
  PW1002: { title: "A tab is used for indentation", severity: "error" },
  PW1003: { title: "A quote or bracket is not closed", severity: "error" },
  PW1004: { title: "The indentation does not fit", severity: "error" },
  PW1005: { title: "A space is missing after a colon", severity: "error" },
  PW1006: { title: "A key is given twice", severity: "error" },
  PW1007: { title: "An alias has no anchor", severity: "error" },
  PW1008: { title: "The input is too deep or too large", severity: "error" },
  PW1009: { title: "A template is not rendered", severity: "error" },
  PW1010: { title: "A key is not text", severity: "error" },
  PW1011: { title: "This is not a Kubernetes object", severity: "error" },
  PW1012: { title: "A value has the wrong type", severity: "error" },
  PW1013: { title: "A field is not known", severity: "error" },
  PW1014: { title: "An object is given twice", severity: "error" },
  PW1015: { title: "An empty list item allows everything", severity: "warning" },
  PW1016: { title: "A path cannot be read", severity: "error" },
  PW1017: { title: "A part of the cluster may not be read", severity: "warning" },
  PW2001: { title: "A name is not valid", severity: "error" },
  PW2002: { title: "A label or annotation is not valid", severity: "error" },
  PW2003: { title: "A selector expression is not valid", severity: "error" },
  PW2004: { title: "A protocol is not supported", severity: "error" },
  PW2005: { title: "A port number is out of range", severity: "error" },
  PW2006: { title: "endPort does not go with port", severity: "error" },
  PW2007: { title: "A port name is not valid", severity: "error" },
  PW2008: { title: "A peer is empty", severity: "error" },
  PW2009: { title: "ipBlock is combined with a selector", severity: "error" },
  PW2010: { title: "A CIDR is missing or cannot be read", severity: "error" },
  PW2011: { title: "A CIDR is ambiguous", severity: "error" },
  PW2012: { title: "An exception is not inside its block", severity: "error" },
  PW2013: { title: "policyTypes is not valid", severity: "error" },
  PW2014: { title: "An address is not valid", severity: "error" },
  PW2015: { title: "A Service type is not supported", severity: "error" },
  PW2016: { title: "A tier or action is not supported", severity: "error" },
  PW2017: { title: "A priority is out of range", severity: "error" },
  PW2018: { title: "A required field is missing", severity: "error" },
  PW2019: { title: "A list has too few or too many items", severity: "error" },
  PW2020: { title: "Not exactly one of several fields is set", severity: "error" },
  PW2021: { title: "A range of ports does not go up", severity: "error" },
  PW2022: { title: "A named port is used where there are no pods", severity: "error" },
  PW2023: { title: "A domain name is not valid", severity: "error" },
  PW2024: { title: "A value is listed twice", severity: "error" },
  PW2025: { title: "A text is too long", severity: "error" },
  PW2026: { title: "The baseline policy is not named default", severity: "error" },
  PW2027: { title: "A domain name cannot be denied", severity: "warning" },
  PW2028: { title: "A network has bits beyond its prefix", severity: "warning" },
  PW2029: { title: "A label without a value is dropped", severity: "warning" },
  PW2030: { title: "A cluster-wide policy names a namespace", severity: "warning" },
  PW2031: { title: "A policy is of a version that is not served", severity: "error" },
  PW2032: { title: "An IPv6 block is not written as usual", severity: "warning" },
  PW3901: { title: "A rule means something else on a network plugin", severity: "warning" },
} as const satisfies Record<string, CatalogueEntry>;

export type DiagnosticCode = keyof typeof catalogue;

/** What a diagnostic says beside its code and message. */
export interface DiagnosticDetails {
  readonly range?: SourceRange | undefined;
  readonly help?: string | undefined;
  readonly related?: Diagnostic["related"] | undefined;
}

/** Makes a diagnostic; its severity is the catalogue's. */
export function diagnostic(code: DiagnosticCode, message: string, details: DiagnosticDetails = {}): Diagnostic {
  const { range, help, related } = details;
  return {
    code,
    severity: catalogue[code].severity,
    message,
    ...(range === undefined ? {} : { range }),
    ...(help === undefined ? {} : { help }),
    ...(related === undefined ? {} : { related }),
  };
}
