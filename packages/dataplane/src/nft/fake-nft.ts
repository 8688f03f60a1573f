import { checkCommandText } from "./command-text.ts";
import { checkLoops } from "./fake/check-loops.ts";
import type { Command } from "./fake/command.ts";
import { dumpTable } from "./fake/dump.ts";
import { FakeTable } from "./fake/fake-table.ts";
import { parseCommand } from "./fake/parse-command.ts";
import { type Nft, type NftElement, NftError, type NftObjects, type NftRule } from "./nft.ts";

export interface FakeNftOptions {
  /** Transactions with more characters than this are `too-long`; without it none is. */
  readonly longestTransaction?: number;
}

/**
 * Table `inet podwall` in memory. Checks what it is told as nft and the kernel do, in the part of their language that
 * podwall speaks; other text is a syntax error. Rules are kept as text: what they refer to must exist, what they do with
 * packets is not known.
 */
export function fakeNft(options: FakeNftOptions = {}): Nft & { dump(): string } {
  return new FakeNft(options.longestTransaction ?? Number.POSITIVE_INFINITY);
}

class FakeNft implements Nft {
  readonly #longestTransaction: number;
  #table: FakeTable | undefined;

  constructor(longestTransaction: number) {
    this.#longestTransaction = longestTransaction;
  }

  async run(texts: readonly string[]): Promise<void> {
    for (const text of texts) checkCommandText(text);
    const commands = texts.map(parseCommand);
    if (texts.join("\n").length > this.#longestTransaction) throw new NftError("too-long", "Message too long");
    let table = this.#table?.copy();
    for (const [i, command] of commands.entries()) {
      table = blaming(texts[i] as string, () => applied(command, table));
    }
    if (table !== undefined) checkLoops(table);
    this.#table = table;
  }

  async objects(): Promise<NftObjects | undefined> {
    const table = this.#table;
    return table === undefined ? undefined : { chains: [...table.chains.keys()], sets: [...table.sets.keys()] };
  }

  async elements(name: string): Promise<readonly NftElement[]> {
    return existing(this.#table).set(name).elements();
  }

  async hasMap(name: string): Promise<boolean> {
    return this.#table?.sets.get(name)?.declaration.kind === "map";
  }

  async rules(): Promise<readonly NftRule[]> {
    return [...(this.#table?.chains ?? [])].flatMap(([chain, { rules }]) => rules.map(({ text }) => ({ chain, text })));
  }

  /** The table as text: equal for equal tables. Empty when there is none. */
  dump(): string {
    return this.#table === undefined ? "" : dumpTable(this.#table);
  }
}

/** Applies a command to a table, which may change it, and gives the table that is there afterwards. */
function applied(command: Command, before: FakeTable | undefined): FakeTable | undefined {
  if (command.kind === "add-table") return before ?? new FakeTable(command.comment);
  const table = existing(before);
  switch (command.kind) {
    case "delete-table":
      return undefined;
    case "add-chain":
      table.addChain(command.name, command.base);
      break;
    case "delete-chain":
      table.deleteChain(command.name);
      break;
    case "flush-chain":
      table.flushChain(command.name);
      break;
    case "add-rule":
      table.addRule(command.chain, command.rule);
      break;
    case "add-set":
      table.addSet(command.set);
      break;
    case "delete-set":
      table.deleteSet(command.name);
      break;
    case "flush-set":
      table.ownSet(command.name).flush();
      break;
    case "add-element":
      for (const element of command.elements) {
        if (element.value?.kind === "verdict" && element.value.verdict.target !== undefined) {
          table.checkTarget(element.value.verdict.target);
        }
        table.ownSet(command.set).add(element);
      }
      break;
    case "delete-element":
      for (const element of command.elements) table.ownSet(command.set).delete(element);
      break;
  }
  return table;
}

function existing(table: FakeTable | undefined): FakeTable {
  if (table === undefined) throw new NftError("not-found", "there is no table inet podwall");
  return table;
}

/** Adds the command to an error's message. */
function blaming<Result>(text: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof NftError)) throw error;
    throw new NftError(error.kind, `${error.message}: ${text}`, { cause: error });
  }
}
