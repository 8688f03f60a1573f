import type { Spread } from "../measure/spread.ts";

/** `0.123`, `1.23`, `12.3`, `123`: three digits that count. */
export function digits(number: number): string {
  const places = number >= 100 ? 0 : number >= 10 ? 1 : number >= 1 ? 2 : 3;
  return number.toFixed(places);
}

/** Seconds, the median and in parentheses the least and the most. */
export function seconds({ median, min, max }: Spread): string {
  const text = digits(median / 1000);
  return min === max ? text : `${text} (${digits(min / 1000)}–${digits(max / 1000)})`;
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)}`;
}

/** `12,345`. */
export function grouped(count: number): string {
  return `${count}`.replace(/\B(?=(?:\d{3})+$)/g, ",");
}

export function times(ratio: number): string {
  return `${digits(ratio)}×`;
}
