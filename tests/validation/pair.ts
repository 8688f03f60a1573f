import type { Manifest } from "./manifest.ts";
import type { Stage } from "./server-verdict.ts";

/** Something that podwall says is wrong. */
export interface Said {
  readonly code: string;
  readonly message: string;
  /** Of the manifest, from 1. */
  readonly line: number;
}

/** What two judges say of one manifest. */
export interface Pair {
  readonly manifest: Manifest;
  readonly stage: Stage;
  readonly server: readonly string[];
  readonly podwall: readonly Said[];
}
