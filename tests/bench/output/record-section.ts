/**
 * A page with the section of this name replaced, or added at its end. A section stands between two comments, so that
 * what a command wrote is written again by the command and not by hand.
 */
export function recordSection(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- begin: ${name} -->`, `<!-- end: ${name} -->`];
  const section = `${begin}\n${text.trim()}\n${end}`;
  const from = page.indexOf(begin);
  if (from < 0) return `${page.trimEnd()}\n\n${section}\n`;
  const to = page.indexOf(end, from);
  if (to < 0) throw new Error(`"${begin}" has no "${end}" after it`);
  return page.slice(0, from) + section + page.slice(to + end.length);
}
