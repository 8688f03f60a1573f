import { NftError } from "../nft.ts";

/** Linux takes 128 KiB in one argument. */
const longestArgument = 120_000;
/** And a quarter of what the stack may take in all of them, which is 2 MiB mostly. */
const longest = 1_000_000;

/**
 * Commands as arguments of nft, which puts a space between two: whole or absent like a file, but for anyone on the machine to
 * see. They are cut at line breaks and between elements, where a space makes no difference and nothing begins like an option.
 * Throws an `NftError` of kind `too-long` where they are: fewer at a time may fit.
 */
export function asArguments(text: string): string[] {
  if (text.length > longest) throw tooLong(text);
  const parts: string[] = [];
  let at = 0;
  while (text.length - at > longestArgument) {
    const end = at + longestArgument;
    const cut = Math.max(text.lastIndexOf("\n", end - 1), text.lastIndexOf(", ", end - 1)) + 1;
    if (cut <= at) throw tooLong(text);
    parts.push(text.slice(at, cut));
    at = cut;
  }
  return [...parts, text.slice(at)];
}

function tooLong(text: string): NftError {
  return new NftError(
    "too-long",
    `no folder has room for the ${text.length} characters that nft is to read, and a command line is too short for them: make room in /dev/shm or the folder for temporary files`,
  );
}
