/** How long a test waits for what takes a moment: a bound, no assertion, as a busy machine may stand still for seconds. */
export const patience = { timeout: 30_000 };
