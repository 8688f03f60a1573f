// oxlint-disable-next-line typescript/triple-slash-reference -- other projects that include this file need the types too
/// <reference path="./dns-packet.d.ts" />
import { type Answer, decode, encode } from "dns-packet";
import type { Zone } from "./messages.ts";

const authoritative = 1 << 10;
const recursionDesired = 1 << 8;
const recursionAvailable = 1 << 7;
const nameError = 3;
const ttlSeconds = 5;

/** Answers one DNS question from a zone; undefined when the message is not a question. */
export function answerDns(message: Buffer, zone: Zone): Buffer | undefined {
  let query: ReturnType<typeof decode>;
  try {
    query = decode(message);
  } catch {
    return undefined;
  }
  const [question] = query.questions ?? [];
  if (query.type !== "query" || question === undefined) return undefined;
  const addresses = zoneOf(zone, question.name);
  const answers = (addresses ?? [])
    .map((data): Answer => ({ type: data.includes(":") ? "AAAA" : "A", name: question.name, ttl: ttlSeconds, data }))
    .filter(({ type }) => type === question.type || question.type === "ANY");
  return encode({
    type: "response",
    id: query.id ?? 0,
    flags:
      authoritative |
      recursionAvailable |
      ((query.flags ?? 0) & recursionDesired) |
      (addresses === undefined ? nameError : 0),
    questions: [question],
    answers,
  });
}

function zoneOf(zone: Zone, name: string): readonly string[] | undefined {
  const key = name.toLowerCase().replace(/\.$/, "");
  return Object.hasOwn(zone, key) ? zone[key] : undefined;
}
