import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { NftError } from "../nft.ts";
import { killChild, startChild } from "./child.ts";
import { failureOf } from "./nft-failure.ts";

export interface OnceOptions {
  readonly timeoutMs: number;
  /** A file descriptor to read from; otherwise there is no input. */
  readonly input?: number;
  /** The commands in the input, to name the one at fault. */
  readonly commands?: readonly string[];
}

/** Runs nft to its end and gives its standard output. Rejects with an `NftError`. */
export async function runOnce(argv: readonly string[], options: OnceOptions): Promise<string> {
  const child = startChild(argv, [options.input ?? "ignore", "pipe", "pipe"]);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    killChild(child);
  }, options.timeoutMs);
  try {
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once("error", (cause) =>
        reject(new NftError("unavailable", `cannot run ${argv[0]}: ${cause.message}`, { cause })),
      );
      child.once("close", resolve);
    });
    const outputs = Promise.all([text(child.stdout as Readable), text(child.stderr as Readable)]);
    const [code, [stdout, stderr]] = await Promise.all([ended, outputs]);
    if (timedOut) throw noAnswer(options.timeoutMs);
    if (code !== 0) throw failureOf(stderr, options.commands) ?? strangeEnd(argv, code, stderr);
    return stdout;
  } finally {
    clearTimeout(timer);
  }
}

/** nft was stopped; the kernel may have had the whole transaction already. */
export function noAnswer(timeoutMs: number): NftError {
  return new NftError(
    "other",
    `nft gave no answer within ${timeoutMs} ms; whether the transaction took effect is not known`,
  );
}

/** An end without an error of nft's: its wrapper failed, as `nsenter` does when the namespace is gone, or it was killed. */
function strangeEnd(argv: readonly string[], code: number | null, stderr: string): NftError {
  const said = stderr.trim().split("\n")[0] ?? "";
  if (/Operation not permitted|must be root/.test(said)) return new NftError("permission", said);
  if (code === null) return new NftError("other", `${argv[0]} was killed`);
  return new NftError("unavailable", `${argv[0]} ended with code ${code}${said === "" ? "" : `: ${said}`}`);
}
