import type { ScrapeHint } from "../model/scrape-hint.ts";
import type { Field } from "./field.ts";
import { child, entriesOf } from "./read-field.ts";

/** Reads the annotations that ask Prometheus to read metrics; nothing where they do not, or are not understood. */
export function readScrapeHint(metadata: Field): { readonly scrape?: ScrapeHint } {
  const annotations = entriesOf(child(metadata, "annotations"));
  const asked = annotations.find(({ key }) => key === "prometheus.io/scrape");
  if (asked?.value.kind !== "scalar" || asked.value.text !== "true") return {};
  const written = annotations.find(({ key }) => key === "prometheus.io/port")?.value;
  const port = written?.kind === "scalar" && /^[1-9][0-9]{0,4}$/.test(written.text) ? Number(written.text) : undefined;
  const range = { ...asked.keyRange, end: asked.value.range.end };
  return { scrape: { ...(port === undefined ? {} : { port }), range } };
}
