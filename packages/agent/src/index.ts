export * from "./agent.ts";
export * from "./last-good.ts";
export * from "./read-paths.ts";
