import { clip } from "../command-text.ts";
import { NftError, type NftErrorKind } from "../nft.ts";

/**
 * Makes an error of what nft wrote to standard error, or undefined when there is no error in it. nft writes
 * `[netlink: ][FILE:LINE:COLUMNS: ]Error: REASON`, then mostly the input line and a line of carets below the culprit.
 * `commands` are what was sent, one a line.
 */
export function failureOf(stderr: string, commands: readonly string[] = []): NftError | undefined {
  const lines = stderr.split("\n");
  const at = lines.findIndex((line) => errorLine.test(line));
  const match = errorLine.exec(lines[at] ?? "");
  if (match === null) return undefined;
  const reason = match[2] as string;
  const culprit = culpritOf(lines.slice(at + 1, at + 3), match[1], commands);
  return new NftError(kindOf(reason), culprit === undefined ? reason : `${reason}: ${culprit}`);
}

const errorLine = /^(?:netlink: )?(?:[^\s:]+:(\d+):\d+-\d+: )?Error: (.*)$/;

const kinds: readonly (readonly [pattern: RegExp, kind: NftErrorKind])[] = [
  [/Message too long/, "too-long"],
  [/Operation not permitted|Permission denied/, "permission"],
  [/File exists|conflicting intervals|interval overlaps/, "exists"],
  [/No such file or directory|does not exist/, "not-found"],
  [/Device or resource busy/, "busy"],
  [/cache initialization failed|initialize Netlink|Protocol not supported|Address family not supported/, "unavailable"],
  // The kernel refused for another reason; every other message is nft's own, about what it was given to read.
  [/^Could not process rule/, "other"],
];

function kindOf(reason: string): NftErrorKind {
  return kinds.find(([pattern]) => pattern.test(reason))?.[1] ?? "syntax";
}

/** The command at fault, and the part of it that nft points to. */
function culpritOf(
  [source = "", carets = ""]: readonly string[],
  line: string | undefined,
  commands: readonly string[],
): string | undefined {
  const pointed = /\^+/.exec(/^[\s~^]*$/.test(carets) ? carets : "");
  const fragment = pointed === null ? "" : source.slice(pointed.index, pointed.index + pointed[0].length);
  const command = line === undefined ? only(commands) : commands[Number(line) - 1];
  if (command === undefined) return fragment === "" ? undefined : clip(fragment);
  return fragment === "" || fragment.length >= command.length
    ? clip(command)
    : `${clip(command)} (at ${JSON.stringify(clip(fragment, 80))})`;
}

function only(commands: readonly string[]): string | undefined {
  return commands.length === 1 ? commands[0] : undefined;
}
