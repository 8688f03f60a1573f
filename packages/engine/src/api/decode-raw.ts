import type { ApiObject } from "../model/api-object.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import { decodeObjects } from "./decode-objects.ts";
import { rawTree } from "./raw-tree.ts";

/** What a kind's objects are called, which those in an API server's lists do not say themselves. */
export interface RawKind {
  readonly apiVersion: string;
  readonly kind: string;
}

export interface DecodedRaw {
  /** Undefined where it cannot be used. A policy that cannot comes back closed. */
  readonly object: ApiObject | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads an object as an API server gives it, in JSON, by the rules that hold for manifests. A field of `spec` that is not
 * known is an error here too: the server may be newer, and what the field takes away is not known.
 */
export function decodeRaw(value: unknown, { apiVersion, kind }: RawKind): DecodedRaw {
  const { metadata, spec, status } = fieldsOf(value);
  const { name, namespace, labels } = fieldsOf(metadata);
  // The rest of the metadata is the server's, and means nothing here. The same goes for a policy's status.
  const kept = { name, ...(namespace === undefined ? {} : { namespace }), ...(labels === undefined ? {} : { labels }) };
  const object = { apiVersion, kind, metadata: kept, spec, ...(kind.endsWith("Policy") ? {} : { status }) };
  const { objects, diagnostics } = decodeObjects([rawTree(object)]);
  return { object: objects[0], diagnostics };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
