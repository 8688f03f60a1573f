import { type ApiStatus, isExpired } from "../client/api-status.ts";
import { KubeError } from "../client/kube-error.ts";
import type { WatchProblemCode } from "./watch-event.ts";

/** Why a list or watch must be begun again. */
export class WatchFailure extends Error {
  override readonly name = "WatchFailure";
  readonly code: WatchProblemCode;
  /** Whether to go on where it broke, or to list anew. */
  readonly next: "resume" | "list";
  readonly retryAfterMs: number;
  /** The server's status, where it answered with one. */
  readonly httpCode: number | undefined;

  constructor(
    code: WatchProblemCode,
    message: string,
    options: ErrorOptions & { readonly next: "resume" | "list"; readonly status?: ApiStatus | undefined },
  ) {
    super(message, options);
    this.code = code;
    this.next = options.next;
    this.retryAfterMs = options.status?.retryAfterMs ?? 0;
    this.httpCode = options.status?.code;
  }
}

/** A request's error as a watch's; one that is neither is a bug, and thrown. */
export function asWatchFailure(error: unknown): WatchFailure {
  if (error instanceof WatchFailure) return error;
  if (!(error instanceof KubeError)) throw error;
  const code = error.status === undefined ? codeOfKind[error.kind] : codeOfStatus(error.status);
  return new WatchFailure(code, error.message, {
    cause: error,
    next: code === "expired" || code === "missing" || isTooNew(error.status) ? "list" : "resume",
    status: error.status,
  });
}

const codeOfKind: Readonly<Record<KubeError["kind"], WatchProblemCode>> = {
  status: "refused",
  unreachable: "unreachable",
  timeout: "silent",
  garbled: "garbled",
  "too-large": "garbled",
  access: "denied",
  stopped: "unreachable",
};

export function codeOfStatus(status: ApiStatus): WatchProblemCode {
  const { code } = status;
  if (isExpired(status)) return "expired";
  if (code === 401 || code === 403) return "denied";
  if (code === 404) return "missing";
  return code === 429 || code >= 500 ? "busy" : "refused";
}

/** The server has not got as far as the version asked for, and after a restored backup never will. The API has no code for it. */
function isTooNew(status: ApiStatus | undefined): boolean {
  return status?.message.includes("Too large resource version") === true;
}
