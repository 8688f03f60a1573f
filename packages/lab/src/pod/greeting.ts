import type { StreamMode } from "./messages.ts";

/**
 * How lab programs know each other: the client says `podwall WORD [MODE INTERVAL]`, the server answers `podwall WORD NAME`.
 * The word is random, so an answer cannot be someone else's or an old one.
 */
export interface Greeting {
  readonly word: string;
  readonly stream?: { readonly mode: StreamMode; readonly intervalMs: number };
}

export const greetingStart = "podwall ";

export function formatGreeting({ word, stream }: Greeting): string {
  return `${greetingStart}${word}${stream === undefined ? "" : ` ${stream.mode} ${stream.intervalMs}`}\n`;
}

export function parseGreeting(line: string): Greeting | undefined {
  const match = /^podwall ([a-z0-9]+)(?: (ping|push|send) (\d+))?\n?$/.exec(line);
  if (match === null) return undefined;
  const [, word, mode, interval] = match;
  if (mode === undefined) return { word: word as string };
  return { word: word as string, stream: { mode: mode as StreamMode, intervalMs: Number(interval) } };
}

export function formatReply(word: string, name: string): string {
  return `${greetingStart}${word} ${name}\n`;
}

/** The name in a reply to `word`; undefined for anything else. */
export function nameInReply(word: string, reply: string): string | undefined {
  const start = `${greetingStart}${word} `;
  return reply.startsWith(start) ? reply.slice(start.length).trimEnd() : undefined;
}
