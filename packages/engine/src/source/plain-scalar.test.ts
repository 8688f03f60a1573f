import { describe, expect, it } from "vitest";
import { resolvePlain } from "./plain-scalar.ts";

describe("resolvePlain", () => {
  it.each(["y", "Y", "yes", "YES", "on", "On", "true", "TRUE"])("%s is true", (text) => {
    expect(resolvePlain(text)).toBe(true);
  });

  it.each(["n", "N", "no", "off", "OFF", "false"])("%s is false", (text) => {
    expect(resolvePlain(text)).toBe(false);
  });

  it.each(["", "~", "null", "Null", "NULL"])("`%s` is null", (text) => {
    expect(resolvePlain(text)).toBe(null);
  });

  // Each was read by sigs.k8s.io/yaml 1.6.0.
  it.each([
    ["0120", 80],
    ["017", 15],
    ["0o17", 15],
    ["0x50", 80],
    ["-0X1f", -31],
    ["0b11", 3],
    ["1_000", 1000],
    ["1e3", 1000],
    ["089", 89],
    ["5.", 5],
    [".5", 0.5],
    ["+5", 5],
    ["-0", 0],
    ["18446744073709551616", 18446744073709552000],
  ])("%s is the number %d", (text, value) => {
    expect(resolvePlain(text)).toBe(value);
  });

  it.each([
    "2001-01-01",
    "1:30",
    "yES",
    "nULL",
    "0b2",
    "0x",
    "1e",
    "-",
    "+",
    ".",
    "1e999",
    "10.0.0.1",
    "0.1.2",
    "=",
    "<<",
  ])("%s stays text", (text) => {
    expect(resolvePlain(text)).toBe(text);
  });
});
