import { type Style, plainStyle } from "@podwall/report";
import picocolors from "picocolors";
import type { Output } from "./context.ts";

/** Colours for a terminal that wants them (NO_COLOR is heeded), plain text for anything else. */
export function styleFor(output: Output): Style {
  if (output.isTTY !== true || !picocolors.isColorSupported) return plainStyle;
  const { green, red, yellow, dim, bold } = picocolors.createColors(true);
  return { good: green, bad: red, warn: yellow, dim, bold };
}
