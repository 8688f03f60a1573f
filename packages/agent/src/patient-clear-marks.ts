import { type MarkBits, clearMarksWith } from "@podwall/dataplane";

const mostTries = 50;

/**
 * Clears podwall's marks with `conntrack`, which gives up in the middle where the kernel tells of connections faster than it
 * reads. What it has cleared stays cleared, so trying again comes to an end.
 */
export async function patientClearMarks(mark: MarkBits): Promise<void> {
  const clear = clearMarksWith(["conntrack"]);
  for (let tries = 1; ; tries++) {
    try {
      return await clear(mark);
    } catch (error) {
      const isFull = error instanceof Error && error.message.includes("No buffer space available");
      if (!isFull || tries === mostTries) throw error;
    }
  }
}
