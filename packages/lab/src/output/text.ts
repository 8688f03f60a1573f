import { type Verdict, formatAddress } from "@podwall/engine";
import { isMismatch, type CellResult } from "../probe/result.ts";
import { legend, renderMatrix, renderPartly } from "./matrix.ts";
import type { ShownResult } from "./shown-result.ts";
import type { Style } from "./style.ts";

/** Why a verdict is what it is, in lines. */
export type Explain = (verdict: Verdict) => string;

/** The matrix and what only some ports are allowed for. */
export function renderPrediction(results: readonly ShownResult[], style: Style): string {
  if (results.length === 0) return "";
  const partly = renderPartly(results, style);
  return [renderMatrix(results, style), "", legend(style), ...(partly.length === 0 ? [] : ["", ...partly]), ""].join(
    "\n",
  );
}

/** Each mismatch with why it was predicted as it was. */
export function renderMismatches(results: readonly CellResult[], style: Style, explain: Explain): string {
  return results
    .filter(isMismatch)
    .map((result) => `${renderMismatch(result, style, explain)}\n`)
    .join("");
}

/** `N pods, N probes: N allowed, N denied, N mismatches`. */
export function summary(results: readonly CellResult[], pods: number, style: Style): string {
  const allowed = results.filter(({ verdict }) => verdict.allowed).length;
  const mismatches = results.filter(isMismatch).length;
  const retried = results.filter(({ retries }) => retries > 0).length;
  const verdict =
    mismatches === 0 ? style.good("0 mismatches") : style.bad(`${mismatches} mismatch${mismatches === 1 ? "" : "es"}`);
  const again = retried === 0 ? "" : ` (${retried} tried again)`;
  return `${pods} pods, ${results.length} probes: ${allowed} allowed, ${results.length - allowed} denied, ${verdict}${again}`;
}

function renderMismatch({ cell, verdict, answer }: CellResult, style: Style, explain: Explain): string {
  const { from, to, address, port, protocol } = cell;
  const predicted = verdict.allowed ? "allowed" : "denied";
  return [
    `${style.bad("mismatch")} ${from} -> ${to} ${port}/${protocol} (${formatAddress(address)}): predicted ${predicted}, observed ${answer.outcome}`,
    ...explain(verdict)
      .split("\n")
      .map((line) => `  ${line}`),
  ].join("\n");
}
