import { dirname, resolve } from "node:path";
import { asMapping } from "../as-mapping.ts";
import { AccessError } from "./access-error.ts";

/** Typed reading of a mapping of a kubeconfig file. What is null or an empty text counts as absent, as for kubectl. */
export class Fields {
  readonly file: string;
  readonly #path: string;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(file: string, path: string, value: unknown) {
    this.file = file;
    this.#path = path;
    const values = asMapping(value);
    if (values === undefined) throw new AccessError(`${file}: ${path || "the document"} must be a mapping`);
    this.#values = values;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null || value === "") return undefined;
    return typeof value === "string" ? value : this.refuse(name, "must be a text; put it in quotes");
  }

  flag(name: string): boolean {
    const value = this.#values[name] ?? false;
    return typeof value === "boolean" ? value : this.refuse(name, "must be true or false");
  }

  /** A file's path, relative ones from the folder of the kubeconfig. */
  filePath(name: string): string | undefined {
    const path = this.text(name);
    return path === undefined ? undefined : resolve(dirname(this.file), path);
  }

  texts(name: string): readonly string[] {
    return this.#items(name).map((value) =>
      typeof value === "string" ? value : this.refuse(name, "must be a list of texts; put each in quotes"),
    );
  }

  list(name: string): readonly Fields[] {
    return this.#items(name).map((value, index) => new Fields(this.file, `${this.#at(name)}[${index}]`, value));
  }

  /** An empty one where the field is absent. */
  child(name: string): Fields {
    return new Fields(this.file, this.#at(name), this.#values[name] ?? {});
  }

  has(name: string): boolean {
    return (this.#values[name] ?? "") !== "";
  }

  raw(name: string): unknown {
    return this.#values[name];
  }

  keys(): readonly string[] {
    return Object.keys(this.#values);
  }

  refuse(name: string, why: string): never {
    throw new AccessError(`${this.file}: ${this.#at(name)} ${why}`);
  }

  #items(name: string): readonly unknown[] {
    const value = this.#values[name] ?? [];
    return Array.isArray(value) ? value : this.refuse(name, "must be a list");
  }

  #at(name: string): string {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }
}
