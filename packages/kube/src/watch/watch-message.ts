import { asMapping } from "../as-mapping.ts";
import { statusOf } from "../client/api-status.ts";
import type { Line } from "./line-splitter.ts";
import { type Decode, type ReadItem, parseBytes, readItem, unreadable } from "./read-item.ts";
import { WatchFailure, codeOfStatus } from "./watch-failure.ts";

/** One line of a watch. */
export type WatchMessage<Kept> =
  | { readonly kind: "there"; readonly item: ReadItem<Kept> }
  | { readonly kind: "gone"; readonly item: ReadItem<unknown> }
  | { readonly kind: "bookmark"; readonly version: string; readonly endsInitialEvents: boolean };

/** Reads a line of a watch. Throws a `WatchFailure` where the line is an error of the server's, or no such line at all. */
export function readWatchLine<Kept>(line: Line, decode: Decode<Kept>): WatchMessage<Kept> {
  if (line.kind === "cut") return readStart(line.start, "it is too long");
  const parsed = parseBytes(line.bytes);
  if ("why" in parsed) return readStart(line.bytes, parsed.why);
  const { type, object } = asMapping(parsed.value) ?? {};
  switch (type) {
    case "ADDED":
    case "MODIFIED":
      return { kind: "there", item: readItem(object, decode) };
    case "DELETED":
      return { kind: "gone", item: readItem(object, () => undefined) };
    case "BOOKMARK":
      return readBookmark(object);
    case "ERROR":
      throw failureOf(object);
    default:
      throw new WatchFailure("garbled", `a watch brought an event of type ${JSON.stringify(type)}`, { next: "list" });
  }
}

/** What can be made of a line that cannot be parsed: which object it is about, by its first bytes. */
function readStart<Kept>(start: Buffer, why: string): WatchMessage<Kept> {
  const item = unreadable(start, why);
  const type = /^\{"type":"([A-Z]+)"/.exec(start.toString("latin1", 0, 40))?.[1];
  if (type === "DELETED") return { kind: "gone", item };
  if (type === "ADDED" || type === "MODIFIED") return { kind: "there", item };
  throw new WatchFailure("garbled", `a watch brought a line that cannot be read: ${why}`, { next: "list" });
}

function readBookmark(object: unknown): WatchMessage<never> {
  const metadata = asMapping(asMapping(object)?.["metadata"]);
  const version = metadata?.["resourceVersion"];
  if (typeof version !== "string" || version === "") {
    throw new WatchFailure("garbled", "a watch brought a bookmark without a version", { next: "list" });
  }
  const annotation = asMapping(metadata?.["annotations"])?.["k8s.io/initial-events-end"];
  return { kind: "bookmark", version, endsInitialEvents: annotation === "true" };
}

function failureOf(object: unknown): WatchFailure {
  const status = statusOf(object) ?? { code: 0, reason: "", message: "an error without a status" };
  return new WatchFailure(
    codeOfStatus(status),
    `the server ended the watch: ${status.message} (${status.code} ${status.reason})`,
    {
      next: "list",
      status,
    },
  );
}
