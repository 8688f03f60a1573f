import { AccessError } from "./access-error.ts";

/**
 * The authorization header's value for a token.
 * @param from Where the token came from, for messages.
 */
export function bearer(token: string, from: string): string {
  const trimmed = token.trim();
  if (trimmed === "") throw new AccessError(`${from}: the token is empty`);
  if (!/^[\x21-\x7e]+$/.test(trimmed)) {
    throw new AccessError(
      `${from}: the token has characters that cannot stand in a header; a token is one line of ASCII`,
    );
  }
  return `Bearer ${trimmed}`;
}
