import { setMaxListeners } from "node:events";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Ctrl-C, a closed terminal or `kill`, as an `AbortSignal`: the process goes on, to tidy up, until `forget`. */
export function stopSignal(): { readonly signal: AbortSignal; readonly forget: () => void } {
  const stop = new AbortController();
  // Every request listens, and many are under way at once.
  setMaxListeners(0, stop.signal);
  const act = (): void => stop.abort();
  for (const name of signals) process.on(name, act);
  return {
    signal: stop.signal,
    forget: () => {
      for (const name of signals) process.off(name, act);
    },
  };
}
