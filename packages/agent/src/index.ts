export * from "./agent.ts";
export * from "./last-good.ts";
