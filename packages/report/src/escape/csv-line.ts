/**
 * A line of CSV (RFC 4180), with its end. A field that a spreadsheet would take for a formula gets a `'` in front, as OWASP
 * advises; control characters other than ends of lines are left out.
 */
export function csvLine(fields: readonly string[]): string {
  return `${fields.map(field).join(",")}\r\n`;
}

function field(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
  const clean = text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, "");
  const safe = /^[=+\-@\t\r\n]/.test(clean) ? `'${clean}` : clean;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
