import { readFile } from "node:fs/promises";
import type { Clock } from "../clock.ts";
import { AccessError } from "./access-error.ts";

/** How long a token or certificate read from a file is trusted to be still the file's. */
const freshForMs = 60_000;

/**
 * A file whose text others replace now and then, as the kubelet does with a service account's token. Read when asked
 * and old, or marked stale.
 */
export class FileText {
  readonly path: string;
  readonly #clock: Clock;
  #text: string | undefined;
  #readAt = 0;

  constructor(path: string, clock: Clock) {
    this.path = path;
    this.#clock = clock;
  }

  async read(): Promise<string> {
    if (this.#text !== undefined && this.#clock.now() - this.#readAt < freshForMs) return this.#text;
    try {
      const text = await readFile(this.path, "utf8");
      this.#readAt = this.#clock.now();
      this.#text = text;
    } catch (error) {
      throw new AccessError(`${this.path}: cannot be read: ${(error as Error).message}`, { cause: error });
    }
    return this.#text;
  }

  markStale(): void {
    this.#text = undefined;
  }
}
