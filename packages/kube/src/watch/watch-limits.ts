import type { BackoffLimits } from "./backoff.ts";

/** Bounds of a watch; all have defaults that suit a cluster. */
export interface WatchLimits {
  /** Objects a page of a list. */
  readonly pageSize: number;
  /** A longer object is not looked at. etcd holds at most 1.5 MiB of one by default. */
  readonly maxObjectBytes: number;
  /** For how long an open watch may bring nothing: servers send a bookmark about once a minute. */
  readonly silenceMs: number;
  /** The same for a list under way. */
  readonly listSilenceMs: number;
  /** The server is asked to end a watch after a random time between these, so that clients spread over servers. */
  readonly watchSeconds: { readonly shortest: number; readonly longest: number };
  /** A watch that ends well sooner than this counts as a failure. */
  readonly shortLifeMs: number;
  readonly backoff: BackoffLimits;
  /** Between two looks for a resource that the server does not know, where that is all right. */
  readonly missingRetryMs: number;
  /** The same where its definition is followed and is not there. */
  readonly absentRetryMs: number;
  /** How long a resource must be unknown before its objects are, where its definition cannot be followed. */
  readonly missingConfirmMs: number;
  /** How long a server may take to serve what is defined; those of several copies wait 5 s for each other. */
  readonly establishMs: number;
}

export const defaultWatchLimits: WatchLimits = {
  pageSize: 500,
  maxObjectBytes: 8 * 1024 * 1024,
  silenceMs: 150_000,
  listSilenceMs: 30_000,
  watchSeconds: { shortest: 300, longest: 600 },
  shortLifeMs: 10_000,
  backoff: { firstMs: 500, longestMs: 30_000, forgetAfterMs: 120_000 },
  missingRetryMs: 30_000,
  absentRetryMs: 600_000,
  missingConfirmMs: 60_000,
  establishMs: 10_000,
};
