import { type Line, declaredName, withoutListing } from "./without-listing.ts";

const deletion = /^delete (?:set|map) inet podwall (\S+)$/;
/** Commands after which every set is as it was declared, if it was. */
const harmless =
  /^(?:(?:add|delete) element|flush (?:set|map|chain)|(?:add|delete) (?:chain|rule)|list) |^add table inet podwall$/;

/** The sets and maps that were declared, and how. */
export class DeclaredSets {
  readonly #declarations = new Map<string, string>();

  /** Commands in a form that needs no listing, or as they are where any of them needs one. */
  withoutListing(commands: readonly string[]): readonly Line[] {
    return withoutListing(commands, this.#declarations) ?? commands.map((command) => ({ text: command, command }));
  }

  /** Takes in commands that took effect. */
  follow(commands: readonly string[]): void {
    for (const command of commands) {
      const name = declaredName(command);
      const [, deleted] = deletion.exec(command) ?? [];
      if (name !== undefined) this.#declarations.set(name, command);
      else if (deleted !== undefined) this.#declarations.delete(deleted);
      else if (!harmless.test(command)) this.forget();
    }
  }

  /** Nothing is known of what there is. */
  forget(): void {
    this.#declarations.clear();
  }
}
