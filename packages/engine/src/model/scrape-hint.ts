import type { SourceRange } from "../source/source-file.ts";

/** The annotations `prometheus.io/scrape: "true"` and `prometheus.io/port`, which most Prometheus set-ups follow. */
export interface ScrapeHint {
  /** The pod's port; absent where the annotation is, and each port that is known is tried. */
  readonly port?: number;
  readonly range?: SourceRange;
}
