import type { CellResult } from "../probe/result.ts";

/** A result to show; without an answer where nothing was sent. */
export type ShownResult = Pick<CellResult, "cell" | "verdict"> & Partial<Pick<CellResult, "answer" | "retries">>;
