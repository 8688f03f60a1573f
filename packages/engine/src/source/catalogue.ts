import type { Diagnostic, Severity } from "./diagnostic.ts";
import type { SourceRange } from "./source-file.ts";

/** What a code means, apart from where it occurs. Its page is `docs/diagnostics/CODE.md`. */
export interface CatalogueEntry {
  readonly title: string;
  readonly severity: Severity;
  /** Why it matters; findings say it. */
  readonly why?: string;
}

/** Every code podwall reports: PW1xxx reading and decoding, PW2xxx validation, PW3xxx findings, PW39xx of network plugins. A code is never given another meaning. */
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
  PW3001: {
    title: "Two peers stand where one was probably meant",
    severity: "warning",
    why: 'Items of a list are alternatives. A dash too many turns "both must hold" into "one is enough", and lets in whole namespaces.',
  },
  PW3002: {
    title: "Isolated pods cannot ask DNS",
    severity: "warning",
    why: "Whoever calls a name asks DNS first. Without DNS every allowed name fails, most often as a timeout.",
  },
  PW3003: {
    title: "A default deny leaves egress open",
    severity: "info",
    why: "Isolation is per direction. A policy that names Ingress only says nothing of what its pods send.",
  },
  PW3004: {
    title: "Rules stand in a direction that policyTypes leaves out",
    severity: "warning",
    why: "Rules count only in a direction that policyTypes names. These are stored and never looked at, and nothing is isolated by them.",
  },
  PW3005: {
    title: "An empty egress list isolates nothing",
    severity: "warning",
    why: "Where policyTypes is left out, Egress is filled in only if there is an egress rule. `egress: []` has none, so everything may still be sent.",
  },
  PW3006: {
    title: "A field without a value allows or selects all",
    severity: "warning",
    why: "A key with nothing behind it is null, which is the same as leaving it out: everybody, every port or every pod.",
  },
  PW3007: {
    title: "A policy selects no pod",
    severity: "warning",
    why: "A policy that selects no pod isolates nobody, and says so nowhere: the pods it was written for stay open.",
  },
  PW3008: {
    title: "A peer matches no pod",
    severity: "warning",
    why: "A peer that matches nobody allows nothing. Whoever was meant is kept out, or finds it out in production.",
  },
  PW3009: {
    title: "A namespace selector matches no namespace",
    severity: "warning",
    why: "Selectors ask for labels of the Namespace object, not for its name. Only kubernetes.io/metadata.name is on every namespace.",
  },
  PW3010: {
    title: "A policy is not in the namespace of its pods",
    severity: "warning",
    why: "A policy selects pods of its own namespace only. In another one it has no effect on them.",
  },
  PW3011: {
    title: "A Service's port is used where the pod's is meant",
    severity: "warning",
    why: "Rules are judged after a Service's address and port were replaced by the pod's. A rule with the Service's port allows nothing.",
  },
  PW3012: {
    title: "No pod listens on a port",
    severity: "info",
    why: "A rule for a port where nobody listens is either a slip in the number or left over from an earlier version.",
  },
  PW3013: {
    title: "A port name is declared by no pod",
    severity: "warning",
    why: "A port's name is looked up in the destination pod, with its protocol. A name that is not declared there stands for no port.",
  },
  PW3014: {
    title: "A block covers addresses of the cluster",
    severity: "info",
    why: "Addresses of pods come and go, those of Services are replaced before rules are judged, and network plugins differ in whether blocks match pods and nodes at all.",
  },
  PW3015: {
    title: "Another rule allows what an exception leaves out",
    severity: "warning",
    why: "`except` takes away from its own block only. Rules add up, so an address that any other rule allows is allowed.",
  },
  PW3016: {
    title: "An exception is used to deny",
    severity: "warning",
    why: 'A rule never denies. "Everything except" allows everything else, also what stricter policies of the same pods keep closed.',
  },
  PW3017: {
    title: "The cloud's metadata service can be reached",
    severity: "warning",
    why: "169.254.169.254 hands out credentials of the machine to whoever asks. A pod that is tricked into one request can give them away.",
  },
  PW3018: {
    title: "Egress is open to the world",
    severity: "info",
    why: "A pod that may send anything anywhere can be used to take data out, and to fetch what an intruder needs.",
  },
  PW3019: {
    title: "Ingress is open to the world on every port",
    severity: "info",
    why: "Every port of the pod is open to everyone who has a route to it, also those for metrics, debugging and administration.",
  },
  PW3020: {
    title: "A policy selects pods of the host network",
    severity: "info",
    why: "Pods with hostNetwork have their node's address. No network plugin that is known applies policies to them, as subject or as peer.",
  },
  PW3021: {
    title: "A namespace leaves pods open",
    severity: "info",
    why: "A pod that no policy selects is open. Where a namespace has a default deny, new pods are closed until somebody opens them.",
  },
  PW3022: {
    title: "A policy changes nothing",
    severity: "info",
    why: "Policies add up. One that another covers has no effect, and whoever edits it wonders why nothing happens.",
  },
  PW3023: {
    title: "A rule adds nothing",
    severity: "info",
    why: "Rules of a policy add up. One that another covers has no effect, and hides how open the policy is.",
  },
  PW3024: {
    title: "The API server cannot reach a webhook",
    severity: "warning",
    why: "The API server calls webhooks from its own address, which no selector matches. With failurePolicy Fail nothing can be created, with Ignore nothing is checked.",
  },
  PW3025: {
    title: "Prometheus cannot read metrics",
    severity: "warning",
    why: "Prometheus calls pods as any client does. Where it is not let in, graphs end and alerts stay silent.",
  },
  PW3026: {
    title: "A load balancer cannot reach its pods",
    severity: "warning",
    why: "What comes in from outside has an outside address or that of a node, which no selector matches. Only ipBlock, or a rule without `from`, lets it in.",
  },
  PW3027: {
    title: "A rule is for replies, which need none",
    severity: "warning",
    why: "Replies to an allowed connection always pass. A rule for the ports that clients use opens those ports to new connections.",
  },
  PW3028: {
    title: "Only one end allows a connection",
    severity: "warning",
    why: "A connection needs both ends: the source's egress and the destination's ingress. Allowed by one alone, it is denied.",
  },
  PW3029: {
    title: "Two policies of a tier have one priority",
    severity: "warning",
    why: "Which of two policies of the same priority comes first is left to whoever enforces them.",
  },
  PW3030: {
    title: "Earlier rules leave a rule nothing",
    severity: "warning",
    why: "In a tier the first rule that matches decides. What an earlier rule has decided, a later one cannot change.",
  },
  PW3031: {
    title: "A finding is ignored without a reason",
    severity: "warning",
    why: "In half a year nobody knows whether the finding was looked at or only silenced.",
  },
  PW3032: {
    title: "There is nothing to ignore",
    severity: "warning",
    why: "A comment that ignores nothing is left over, or misses what it was written for.",
  },
  PW3901: { title: "A rule means something else on a network plugin", severity: "warning" },
} as const satisfies Record<string, CatalogueEntry>;

export type DiagnosticCode = keyof typeof catalogue;

/** What a diagnostic says beside its code and message. */
export interface DiagnosticDetails {
  readonly range?: SourceRange | undefined;
  readonly help?: string | undefined;
  /** Another than the catalogue's, where a finding is more or less sure than most of its code. */
  readonly severity?: Severity | undefined;
  readonly related?: Diagnostic["related"] | undefined;
}

/** Makes a diagnostic; its severity is the catalogue's where it is not said. */
export function diagnostic(code: DiagnosticCode, message: string, details: DiagnosticDetails = {}): Diagnostic {
  const { range, help, related } = details;
  const entry: CatalogueEntry = catalogue[code];
  return {
    code,
    severity: details.severity ?? entry.severity,
    message,
    ...(range === undefined ? {} : { range }),
    ...(help === undefined ? {} : { help }),
    ...(entry.why === undefined ? {} : { why: entry.why }),
    ...(related === undefined ? {} : { related }),
  };
}
