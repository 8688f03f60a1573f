#!/usr/bin/env node
// Completion of `kubectl podwall`: kubectl's own runs a program of this name with the words, and reads as Cobra writes: a line for
// each completion, and at the end what the shell is to do besides, `:0`, which is to offer files where there is none.
process.argv.splice(2, 0, "__complete");
await import("./podwall.mjs");
process.stdout.write(":0\n");
