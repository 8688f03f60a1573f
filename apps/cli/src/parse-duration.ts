/** Milliseconds of `500ms`, `30s`, `5m`; a day at most. Throws a `RangeError` with the mend. */
export function parseDuration(text: string): number {
  const [, digits, unit] = /^(\d{1,8})(ms|s|m)$/.exec(text) ?? [];
  const timeoutMs = Number(digits) * (unit === "ms" ? 1 : unit === "s" ? 1_000 : 60_000);
  if (timeoutMs <= 86_400_000) return timeoutMs;
  throw new RangeError(`"${text}" is no time; write 500ms, 30s or 5m, and at most a day`);
}
