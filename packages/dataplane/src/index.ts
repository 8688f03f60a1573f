export * from "./dataplane.ts";
export * from "./nft/nft.ts";
