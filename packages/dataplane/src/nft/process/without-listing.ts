/** A line for nft to read, and the command that it comes of. */
export interface Line {
  readonly text: string;
  readonly command: string;
}

const declaration = /^add (?:set|map) inet podwall (\S+) \{ type(?:of)? [^{}]+; \}$/;
/**
 * Sets that can be declared again with elements. For intervals of a single field nft must know what there is; what else a set may be
 * declared by, as how much room is in it, is of sets that packets fill.
 */
const typesAlone = /^\S+ \S+ \S+ \S+ \S+ \{ [^;]+; \}$/;
const intervalsOfSeveral = /^\S+ \S+ \S+ \S+ \S+ \{ [^;:]+ \. [^;]+; flags interval; \}$/;
const addition = /^add element inet podwall (\S+) (\{ [^{}]+ \})$/;
const rule = /^add rule inet podwall (\S+) (.+)$/;
/** What a rule reads; `@nh,8,8` are bits of a packet. */
const reference = /@([A-Za-z_]\w*)(?![\w,])/g;
/** After it `add rule` finds a chain that is there. */
const renewal = /^(?:flush|add) chain inet podwall (\S+)$/;
/** Needs no listing as it is. */
const plain = /^add (?:table inet podwall|chain inet podwall \S+ \{ type [^{}]+\})$/;

/** The name of the set or map that a command declares. */
export function declaredName(command: string): string | undefined {
  return declaration.exec(command)?.[1];
}

/**
 * Commands in a form that needs no listing; undefined where any of them needs one. `known` are the declarations of sets that there are.
 *
 * Before `add element`, `add rule` and all that takes away, nft lists all chains and sets that there are, and the elements of those of
 * intervals, which takes longer than most transactions. Before declarations it lists tables alone (nftables 1.0.6, `nft_cache_evaluate`), and
 * those may hold elements and rules. So elements are added by declaring their set once more, which the kernel takes for what is there
 * already, and rules by declaring their chain, after the sets that they read.
 *
 * A set that something else took away comes back so, with these elements alone, instead of an error: a look at the names of
 * sets is what finds that.
 */
export function withoutListing(
  commands: readonly string[],
  known: ReadonlyMap<string, string>,
): readonly Line[] | undefined {
  const lines: Line[] = [];
  const declared = new Map<string, string>();
  const renewed = new Set<string>();
  for (let at = 0; at < commands.length; ) {
    const command = commands[at] as string;
    const chain = rule.exec(command)?.[1];
    if (chain !== undefined) {
      const rules = rulesOf(chain, commands, at);
      at += rules.length;
      const missing = [...new Set(rules.flatMap(readBy))].filter((name) => !declared.has(name));
      if (!renewed.has(chain) || !missing.every((name) => known.has(name))) return undefined;
      // To declare it with rules is to add it.
      if (lines.at(-1)?.text === `add chain inet podwall ${chain}`) lines.pop();
      for (const name of missing) {
        const text = known.get(name) as string;
        declared.set(name, text);
        lines.push({ text, command });
      }
      lines.push({ text: `add chain inet podwall ${chain} {`, command }, ...rules, { text: "}", command });
      continue;
    }
    at++;
    const [, filled, elements = ""] = addition.exec(command) ?? [];
    if (filled !== undefined) {
      const declaredBefore = declared.get(filled) ?? known.get(filled);
      if (declaredBefore === undefined || !takesElements(declaredBefore)) return undefined;
      declared.set(filled, declaredBefore);
      // Declared just now, it is with what it holds instead.
      if (lines.at(-1)?.text === declaredBefore) lines.pop();
      lines.push({ text: `${declaredBefore.slice(0, -1)}elements = ${elements}; }`, command });
      continue;
    }
    const [name, emptied] = [declaredName(command), renewal.exec(command)?.[1]];
    if (name === undefined && emptied === undefined && !plain.test(command)) return undefined;
    if (name !== undefined) declared.set(name, command);
    if (emptied !== undefined) renewed.add(emptied);
    lines.push({ text: command, command });
  }
  return lines;
}

/** The rules of a chain that follow each other from there on. */
function rulesOf(chain: string, commands: readonly string[], from: number): Line[] {
  const rules: Line[] = [];
  for (let at = from; at < commands.length; at++) {
    const command = commands[at] as string;
    const [, of, text = ""] = rule.exec(command) ?? [];
    if (of !== chain) break;
    rules.push({ text, command });
  }
  return rules;
}

/** The sets that a rule reads. */
function readBy({ text }: Line): string[] {
  return [...text.matchAll(reference)].map(([, name = ""]) => name);
}

function takesElements(declared: string): boolean {
  return typesAlone.test(declared) || intervalsOfSeveral.test(declared);
}
