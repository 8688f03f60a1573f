import { setFlagsFromString } from "node:v8";

/** Of what is kept, so much more may be made before V8 looks what of the old is needed still. */
const growingPercent = 15;

/**
 * Has V8 collect sooner, at the cost of some time for each event: an agent shares its node with pods, and without this lets
 * several times what it keeps lie before it looks (`npm run bench -- memory`). To be called before there is much on the heap.
 * How large the space of new objects may grow cannot be said to V8 any more once it runs, but by what factor it does: by 1
 * it stays as it is. `--optimize-for-size` keeps the heap a little smaller, and makes each event dearer (`npm run bench -- update`).
 */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${growingPercent}`);
  setFlagsFromString("--semi-space-growth-factor=1");
}
