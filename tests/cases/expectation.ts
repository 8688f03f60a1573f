import type { Direction, Protocol, Reason } from "@podwall/engine";

/** A line of an `expected.txt`. */
export type Expectation =
  | { readonly kind: "error"; readonly line: string; readonly code: string }
  | {
      readonly kind: "verdict";
      readonly line: string;
      readonly from: string;
      readonly to: string;
      readonly port: number;
      readonly protocol: Protocol;
      readonly allowed: boolean;
      readonly reasons: readonly (readonly [Direction, Reason["kind"]])[];
    }
  | {
      readonly kind: "connections";
      readonly line: string;
      readonly from: string;
      readonly to: string;
      readonly set: string;
    }
  | {
      readonly kind: "by-name";
      readonly line: string;
      readonly from: string;
      readonly to: string;
      readonly set: string;
    };

/** Reads an `expected.txt`; throws on a line that says nothing. */
export function parseExpectations(text: string): Expectation[] {
  const expectations: Expectation[] = [];
  let columns: Columns | undefined;
  for (const line of text.split("\n").map((one) => one.trim())) {
    if (line === "") columns = undefined;
    if (line === "" || line.startsWith("#")) continue;
    const header = columnsOf(line);
    if (header !== undefined) columns = header;
    else expectations.push(...(columns === undefined ? [parseLine(line)] : parseRow(columns, line)));
  }
  return expectations;
}

/** The header of a table: a port, and those who are reached. */
interface Columns {
  readonly port: string;
  readonly names: readonly string[];
}

function columnsOf(line: string): Columns | undefined {
  const [port = "", ...names] = line.split(/\s+/);
  return /^\d+\/(TCP|UDP|SCTP)$/.test(port) ? { port, names } : undefined;
}

function parseRow({ port, names }: Columns, line: string): Expectation[] {
  const [from = "", ...cells] = line.split(/\s+/);
  if (cells.length !== names.length) throw new Error(`not a cell for each column: ${line}`);
  return cells.flatMap((cell, index) => {
    const name = names[index] ?? "";
    if (cell === "." && name === from) return [];
    if (cell !== "yes" && cell !== "no") throw new Error(`neither yes nor no: ${line}`);
    return [parseLine(`${from} -> ${name}:${port} ${cell === "yes" ? "allowed" : "denied"}`)];
  });
}

function parseLine(line: string): Expectation {
  const error = /^error (PW\d{4})$/.exec(line);
  if (error !== null) return { kind: "error", line, code: error[1] as string };
  const [, from, to, answer] = /^(\S+)\s+->\s+(\S+)\s+(.+)$/.exec(line) ?? [];
  if (from === undefined || to === undefined || answer === undefined) throw new Error(`not an expectation: ${line}`);
  const byName = /^by-name (.+)$/.exec(answer);
  if (byName !== null) return { kind: "by-name", line, from, to, set: byName[1] as string };
  const [, name, port, protocol] = /^(.+):(\d+)\/(TCP|UDP|SCTP)$/.exec(to) ?? [];
  if (name === undefined) return { kind: "connections", line, from: bare(from), to: bare(to), set: answer };
  const [word, ...reasons] = answer.split(/\s+/);
  if (word !== "allowed" && word !== "denied") throw new Error(`neither allowed nor denied: ${line}`);
  return {
    kind: "verdict",
    line,
    from: bare(from),
    to: bare(name),
    port: Number(port),
    protocol: protocol as Protocol,
    allowed: word === "allowed",
    reasons: reasons.map(parseReason),
  };
}

function parseReason(text: string): readonly [Direction, Reason["kind"]] {
  const [, direction, kind] = /^(egress|ingress):([a-z-]+)$/.exec(text) ?? [];
  if (direction === undefined) throw new Error(`not a reason: ${text}`);
  return [direction as Direction, kind as Reason["kind"]];
}

function bare(end: string): string {
  return end.replace(/^\[(.*)\]$/, "$1");
}
