/**
 * An object as the API gave it: its name is sure to be there, all else must be looked at. Objects of a list lack `kind` and
 * `apiVersion`.
 */
export interface KubeObject {
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly resourceVersion: string;
  readonly [field: string]: unknown;
}
