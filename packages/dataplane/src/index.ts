export * from "./dataplane.ts";
export * from "./nft/nft.ts";
export * from "./nft-dataplane.ts";
export { type DenyWith } from "./ruleset/judgement.ts";
export { type MarkBits, defaultMarkBits, markMask } from "./ruleset/mark.ts";
export * from "./clear-marks.ts";
export * from "./nft/fake-nft.ts";
export * from "./nft/nft-process.ts";
export * from "./drift/watch-drift.ts";
