export * from "./agent.ts";
export * from "./cleanup.ts";
export * from "./last-good.ts";
export * from "./read-paths.ts";
export { readText } from "./read-text.ts";
export * from "./run-agent.ts";
export { type ListenAddress, isLoopback, parseListenAddress } from "./serve/listen-address.ts";
