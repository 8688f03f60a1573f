#!/usr/bin/env node
// `kubectl podwall`: kubectl runs a program of this name that is on the PATH. It reads the current context's cluster by default.
await import("./podwall.mjs");
