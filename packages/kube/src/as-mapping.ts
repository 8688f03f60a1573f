/** The value if it is an object of JSON or a mapping of YAML. */
export function asMapping(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isMapping = typeof value === "object" && value !== null && !Array.isArray(value);
  return isMapping ? (value as Readonly<Record<string, unknown>>) : undefined;
}
