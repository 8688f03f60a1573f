import type { Writable } from "node:stream";

/**
 * Resolves when nobody reads a program's output any more, as after `| head`. From then on what is written goes nowhere,
 * which is no failure of ours: without this, Node ends the program with a stack trace.
 */
export function readerGone(stdout: Writable, stderr: Writable): Promise<void> {
  return new Promise((resolve) => {
    const passOver = (error: NodeJS.ErrnoException): void => {
      if (error.code !== "EPIPE") throw error;
    };
    stderr.on("error", passOver);
    stdout.on("error", (error) => {
      passOver(error);
      resolve();
    });
  });
}
