import { NftError } from "./nft.ts";

/**
 * Refuses text that would not stay one command: a line break ends it, `#` outside quotes hides whatever follows on the
 * line, an open quote swallows it. nft has no escapes within quotes.
 */
export function checkCommandText(command: string): void {
  const problem = problemOf(command);
  if (problem !== undefined) throw new NftError("syntax", `${problem}: ${JSON.stringify(clip(command))}`);
}

/** Whether text has the form of an object's name. Keywords have it too. */
export function isObjectName(text: string): boolean {
  return /^[A-Za-z_.][\w/.-]*$/.test(text);
}

/** Text short enough for a message. */
export function clip(text: string, length = 160): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}

function problemOf(command: string): string | undefined {
  if (command.trim() === "") return "an empty command";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(command)) return "a control character in a command";
  const outsideQuotes = command.replace(/"[^"]*"/g, "");
  if (outsideQuotes.includes('"')) return "an open quote in a command";
  if (outsideQuotes.includes("#")) return "a comment in a command";
  if (outsideQuotes.includes("\\")) return "a backslash in a command";
  return undefined;
}
