/** The offset after the next character out of `wanted`, if only white space, comments and commas come before it. */
export function skipTo(text: string, from: number, wanted: string): number | undefined {
  let at = from;
  for (;;) {
    const character = text[at];
    if (character === undefined) return undefined;
    if (character === "#") at = commentEnd(text, at);
    else if (wanted.includes(character)) return at + 1;
    else if (" \t\r\n,".includes(character)) at++;
    else return undefined;
  }
}

function commentEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== "\n" && text[at] !== "\r") at++;
  return at;
}
