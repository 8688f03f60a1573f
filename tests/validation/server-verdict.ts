import type { Answer } from "./validating-server.ts";

/**
 * How far an API server came with an object. It reads YAML, decodes JSON into the types of the kind, counts what is unknown
 * or given twice, and validates; a stage that finds something is the last. Custom resources have one stage more: the rules
 * of a definition in CEL are only asked where everything else of it holds.
 */
export type Stage = "syntax" | "types" | "strict" | "schema" | "all";

export interface ServerVerdict {
  readonly stage: Stage;
  /** What is wrong, in the server's words and order; nothing where the object is accepted. */
  readonly messages: readonly string[];
}

/** What an API server's answer says, taken apart. */
export function verdictOf({ code, message, causes }: Answer): ServerVerdict {
  if (code === 201) return { stage: "all", messages: [] };
  if (code === 422) {
    const messages = causes.filter((cause) => !cause.includes(notChecked));
    return { stage: messages.length < causes.length ? "schema" : "all", messages };
  }
  const syntax = /^the object provided is unrecognized \(must be of type \w+\): (.*) \([0-9a-f]+(?: \.\.\.)?\)$/s.exec(
    message,
  );
  // Infinite numbers are good YAML, for which JSON has no text.
  const isInfinite = syntax?.[1]?.startsWith("json: unsupported value: ") === true;
  if (syntax !== null) return { stage: isInfinite ? "types" : "syntax", messages: [syntax[1] ?? ""] };
  const decoding = /^\w+ in version "\w+" cannot be handled as a \w+: (.*)$/s.exec(message)?.[1];
  if (decoding === undefined) return { stage: "syntax", messages: [message] };
  const strict = "strict decoding error: ";
  if (!decoding.startsWith(strict)) return { stage: "types", messages: [decoding] };
  return { stage: "strict", messages: strictErrors(decoding.slice(strict.length)) };
}

const notChecked = "some validation rules were not checked because the object was invalid";

/** `yaml: unmarshal errors:` with a line each, and fields after commas. */
function strictErrors(text: string): readonly string[] {
  return text
    .replace("yaml: unmarshal errors:\n", "")
    .split(/, (?=unknown field "|duplicate field ")|\n/)
    .map((line) => line.trim());
}
