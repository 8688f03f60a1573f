import { isUtf8 } from "node:buffer";

/** More than any set of manifests, and less than the longest text that JavaScript can hold. */
export const largestTextBytes = 256_000_000;

/** Bytes that are no text to read manifests from; the message says why. */
export class UnreadableText extends Error {
  readonly help: string;

  constructor(message: string, help: string) {
    super(message);
    this.help = help;
  }
}

/** All of a stream as text, which has to be UTF-8 as Kubernetes wants it. @throws UnreadableText and the stream's errors */
export async function readText(stream: AsyncIterable<Buffer | string>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    chunks.push(Buffer.from(chunk));
    bytes += chunk.length;
    if (bytes > largestTextBytes) throw tooLarge();
  }
  const whole = Buffer.concat(chunks, bytes);
  if (isUtf8(whole)) return whole.toString("utf8");
  throw new UnreadableText(whatElse(whole), "save it as UTF-8");
}

/** What is said of a file that is too large. */
export function tooLarge(): UnreadableText {
  return new UnreadableText(`larger than ${largestTextBytes / 1_000_000} MB`, "split it into several files");
}

function whatElse(bytes: Buffer): string {
  const [first, second] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return isUtf16 ? "this is UTF-16, not UTF-8" : `line ${firstBadLine(bytes)} is not UTF-8 text`;
}

/** Line breaks are single bytes in UTF-8, so that each line is good or not by itself. */
function firstBadLine(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; ; line++) {
    const end = bytes.indexOf("\n", start);
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}
