import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { UnreadableText } from "./read-text.ts";

/** How long a named pipe may be without anybody who writes to it. */
const writerWithinMs = 10_000;

/**
 * Opens a named pipe, which waits for somebody to write to it, and gives up after a while: a pipe that is left over
 * would be waited for without end. @throws UnreadableText
 */
export async function openPipe(place: string): Promise<FileHandle> {
  let late = false;
  let waker: Promise<FileHandle> | undefined;
  const timer = setTimeout(() => {
    late = true;
    // The open that waits takes up a thread and cannot be called off. It ends once the pipe is open for writing too.
    waker = open(place, constants.O_RDWR | constants.O_NONBLOCK);
  }, writerWithinMs);
  try {
    const handle = await open(place, "r");
    if (!late) return handle;
    await handle.close();
    throw new UnreadableText("nobody writes to this pipe", "start what writes to it, or name the file itself");
  } finally {
    clearTimeout(timer);
    await (await waker)?.close();
  }
}
