import { shortText } from "./short-text.ts";

export type LogFormat = "text" | "json";
export type LogLevel = "info" | "warn" | "error";

/** One line for each thing worth knowing. */
export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface LogOptions {
  readonly format: LogFormat;
  readonly write: (text: string) => void;
  /** Milliseconds since 1970. */
  readonly wallTime: () => number;
}

/** Writes lines of text for people, or of JSON for what collects logs. */
export function logTo({ format, write, wallTime }: LogOptions): Log {
  return (level, text, all = {}) => {
    const message = shortText(text);
    const fields = Object.fromEntries(
      Object.entries(all).map(([key, value]) => [key, typeof value === "string" ? shortText(value) : value]),
    );
    const time = new Date(wallTime()).toISOString();
    if (format === "json") return write(`${JSON.stringify({ time, level, message, ...fields })}\n`);
    const rest = Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => ` ${key}=${typeof value === "string" ? JSON.stringify(value) : value}`);
    // Names and messages may come from objects that anybody can write.
    write(`${time} ${level} ${message}${rest.join("")}`.replace(/[\u0000-\u001f\u007f-\u009f]/g, "?").concat("\n"));
  };
}
