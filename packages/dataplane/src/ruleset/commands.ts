/** Elements a command holds at most; a transaction is cut between commands, so none may be large. */
const elementsPerCommand = 500;

/** Commands that add or delete elements; `elements` are nft text, `key` or `key : value`. */
export function addElements(set: string, elements: readonly string[], verb: "add" | "delete" = "add"): string[] {
  const commands: string[] = [];
  for (let at = 0; at < elements.length; at += elementsPerCommand) {
    const some = elements.slice(at, at + elementsPerCommand).join(", ");
    commands.push(`${verb} element inet podwall ${set} { ${some} }`);
  }
  return commands;
}

/** Commands that replace a chain's rules, within the transaction they are part of. */
export function replaceRules(chain: string, rules: readonly string[]): string[] {
  return [`flush chain inet podwall ${chain}`, ...rules.map((rule) => `add rule inet podwall ${chain} ${rule}`)];
}
