import type { ApiStatus } from "./api-status.ts";

/**
 * Why a request got no good answer. `status`: the server refused, see `status`. `unreachable`: no connection, or it broke.
 * `timeout`: it took too long. `garbled`: what answered is no Kubernetes API. `too-large`: more bytes than the caller wanted.
 * `access`: no usable credentials. `stopped`: the caller's signal, or `close`.
 */
export type KubeErrorKind = "status" | "unreachable" | "timeout" | "garbled" | "too-large" | "access" | "stopped";

export class KubeError extends Error {
  override readonly name = "KubeError";
  readonly kind: KubeErrorKind;
  /** Where kind is `status`. */
  readonly status: ApiStatus | undefined;

  constructor(kind: KubeErrorKind, message: string, options?: ErrorOptions & { readonly status?: ApiStatus }) {
    super(message, options);
    this.kind = kind;
    this.status = options?.status;
  }
}
