import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { outputOf } from "./output-of.mjs";

const program = `
const { readFileSync, writeFileSync } = require("node:fs");
const [, from, to] = process.argv;
writeFileSync(to, require("node:zlib").gzipSync(readFileSync(from), { level: 6 }));
`;

/**
 * Compresses with the image's own Node: each version of Node has its own zlib, and the result is to depend on the image's
 * inputs alone, not on the Node that happens to build it.
 * @param {Buffer} content
 * @param {string} node
 */
export async function compress(content, node) {
  const folder = mkdtempSync(join(tmpdir(), "podwall-image-"));
  try {
    const [from, to] = [join(folder, "layer.tar"), join(folder, "layer.tar.gz")];
    writeFileSync(from, content);
    await outputOf(node, ["-e", program, from, to]);
    return readFileSync(to);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
