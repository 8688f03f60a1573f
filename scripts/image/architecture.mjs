import { Problem } from "../lib/main.mjs";

/**
 * One architecture under the names that OCI, Debian, npm and Debian's library folders have for it.
 * @typedef {{ oci: string, debian: string, npm: "x64" | "arm64", libraries: string, loader: string }} Architecture
 */

/** @type {Readonly<Record<string, Architecture>>} */
const architectures = {
  x64: {
    oci: "amd64",
    debian: "amd64",
    npm: "x64",
    libraries: "x86_64-linux-gnu",
    loader: "lib64/ld-linux-x86-64.so.2",
  },
  arm64: {
    oci: "arm64",
    debian: "arm64",
    npm: "arm64",
    libraries: "aarch64-linux-gnu",
    loader: "lib/ld-linux-aarch64.so.1",
  },
};

/** This machine's architecture: an image is built where its programs can run. */
export function architecture() {
  const found = architectures[process.arch];
  if (process.platform !== "linux" || found === undefined) {
    throw new Problem(
      `The image is built on Linux on x64 or arm64; this is ${process.platform} on ${process.arch}.`,
      3,
    );
  }
  return found;
}
