/**
 * There is no way to speak to a cluster, or none that can be used. The message names the file, what is wrong in it and
 * what to do.
 */
export class AccessError extends Error {
  override readonly name = "AccessError";
}
