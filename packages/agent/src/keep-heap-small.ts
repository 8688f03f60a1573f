import { setFlagsFromString } from "node:v8";

/**
 * Has V8 collect sooner, at the cost of some time for each event: an agent shares its node with pods, and without this lets
 * several times what it keeps lie before it looks (`npm run bench -- memory`). To be called before there is much on the heap.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--optimize-for-size");
  // In MB, of each half of where new objects are.
  setFlagsFromString("--max-semi-space-size=4");
}
