import type { Form } from "../generate/bench-input.ts";
import type { GeneratedCluster } from "../generate/generated-cluster.ts";
import type { CheckedMap } from "../map/map-results.ts";

/** Another tool that answers who may talk to whom, from files. */
export interface Peer {
  /** Also the folder beside this file with its go.mod. */
  readonly name: string;
  readonly version: string;
  /** The Go package of its command. */
  readonly package: string;
  /** What it is asked, in a few words. */
  readonly question: string;
  readonly forms: readonly Form[];
  /** Writes what it needs beyond the manifests into `scratch`, and gives its arguments. */
  readonly prepare: (input: PeerInput) => readonly string[];
  /** How many ordered pairs of different pods or workloads it says may talk, from the text that it printed. */
  readonly countPairs: (text: string) => number;
  /** The same number as podwall has it, where podwall takes the view that this tool takes. */
  readonly podwallPairs: (checked: CheckedMap) => number;
}

export interface PeerInput {
  /** The manifests that podwall reads. */
  readonly folder: string;
  readonly cluster: GeneratedCluster;
  readonly scratch: string;
}
