/** More says nothing more to anybody; whoever can write an object can make a message of a million characters. */
const longest = 1_000;

/** A text that may hold what others wrote, cut off where it is too long to be shown. */
export function shortText(text: string): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest)}… (${text.length} characters)`;
}
