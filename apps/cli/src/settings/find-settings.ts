import { readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { isSettings, settingsFile } from "@podwall/agent";
import type { SourceFile } from "@podwall/engine";
import { type ReadSettings, type Settings, readSettings } from "./read-settings.ts";

/** The settings that hold for each file of an input: the nearest, in its folder or above. */
export class FindSettings {
  readonly #cwd: string;
  readonly #byFolder = new Map<string, Promise<ReadSettings | undefined>>();

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  /** For a file that was read; for standard input, those of the current folder. What is wrong comes back once a folder. */
  async for(file: SourceFile): Promise<ReadSettings | undefined> {
    const folder = file.name.startsWith("<") ? this.#cwd : dirname(resolve(this.#cwd, file.name));
    return await this.#in(folder);
  }

  #in(folder: string): Promise<ReadSettings | undefined> {
    const known = this.#byFolder.get(folder);
    if (known !== undefined) return known;
    const found = this.#read(folder);
    this.#byFolder.set(folder, found);
    return found;
  }

  async #read(folder: string): Promise<ReadSettings | undefined> {
    const place = join(folder, settingsFile);
    try {
      const text = await readFile(place, "utf8");
      if (isSettings(text)) return readSettings({ name: relative(this.#cwd, place) || settingsFile, text });
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : "";
      if (code !== "ENOENT" && code !== "ENOTDIR") {
        return { kind: "problems", problems: [`${place}: cannot be read (${String(code)})`] };
      }
    }
    const above = dirname(folder);
    return above === folder ? undefined : await this.#in(above);
  }
}

/** Nothing set. */
export const noSettings: Settings = { severities: new Map() };
