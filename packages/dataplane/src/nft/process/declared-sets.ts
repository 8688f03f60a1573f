const declaration = /^add (set|map) inet podwall (\S+) (\{ type(?:of)? [^{};]+;) \}$/;
const addition = /^add element inet podwall (\S+) (\{ [^{}]+ \})$/;
const deletion = /^delete (?:set|map) inet podwall (\S+)$/;
/** Commands after which every set is as it was declared, if it was. */
const harmless =
  /^(?:(?:add|delete) element|flush (?:set|map|chain)|(?:add|delete) (?:chain|rule)|list) |^add table inet podwall$/;

/**
 * The sets and maps that were declared, to add elements to by a declaration of the same once more, which the kernel takes for what
 * is there already. Before `add element` nft lists all chains and sets that there are, and the elements of those of intervals:
 * before a declaration with elements it lists tables alone. Only what is declared by its types alone is known here: for
 * intervals nft must know the others.
 *
 * A set that something else took away comes back so, with these elements alone, instead of an error: a look at the names of
 * sets is what finds that.
 */
export class DeclaredSets {
  readonly #declarations = new Map<string, string>();

  /** The same commands in the form that needs no listing, or as they are where any of them needs one. */
  withoutListing(commands: readonly string[]): readonly string[] {
    const others: string[] = [];
    for (const command of commands) {
      const [, name = "", elements = ""] = addition.exec(command) ?? [];
      const declared = this.#declarations.get(name);
      if (declared === undefined) return commands;
      others.push(`${declared} elements = ${elements}; }`);
    }
    return others;
  }

  /** Takes in commands that took effect. */
  follow(commands: readonly string[]): void {
    for (const command of commands) {
      const declared = declaration.exec(command);
      const [, deleted] = deletion.exec(command) ?? [];
      if (declared !== null) {
        const [, kind, name = "", types = ""] = declared;
        this.#declarations.set(name, `add ${kind as string} inet podwall ${name} ${types}`);
      } else if (deleted !== undefined) this.#declarations.delete(deleted);
      else if (!harmless.test(command)) this.forget();
    }
  }

  /** Nothing is known of what there is. */
  forget(): void {
    this.#declarations.clear();
  }
}
