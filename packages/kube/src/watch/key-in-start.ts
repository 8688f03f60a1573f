import type { ObjectKey } from "./watch-event.ts";

/**
 * The key of an object of which only the beginning can be read. The API server writes `metadata` first, and in it name
 * and namespace before all that can be long. Undefined where that is not found.
 */
export function keyInStart(start: Buffer): ObjectKey | undefined {
  const text = start.toString("utf8");
  const metadata = text.indexOf('"metadata":{');
  if (metadata === -1) return undefined;
  const match = /^"metadata":\{"name":"([^"\\]+)"(?:,"generateName":"[^"\\]*")?(?:,"namespace":"([^"\\]+)")?/.exec(
    text.slice(metadata),
  );
  if (match === null) return undefined;
  const [, name = "", namespace] = match;
  return namespace === undefined ? name : `${namespace}/${name}`;
}
