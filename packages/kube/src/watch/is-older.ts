/**
 * Whether a version of a resource's history comes before another. The API made them comparable, as whole numbers, for
 * what the API server itself stores; for any other form nothing is known, and nothing is older.
 */
export function isOlder(version: string, than: string): boolean {
  if (!wholeNumber.test(version) || !wholeNumber.test(than)) return false;
  return version.length === than.length ? version < than : version.length < than.length;
}

const wholeNumber = /^[1-9][0-9]*$/;
