const block = 512;
const typeFlags = { file: "0", link: "2", folder: "5" };

/**
 * A tar archive (POSIX ustar) that depends on its entries alone: no times, no owners but root, the order as given.
 * @param {readonly import("./entries.mjs").Entry[]} entries
 * @returns {Buffer}
 */
export function tar(entries) {
  const pieces = entries.flatMap((entry) => {
    if (entry.kind !== "file") return [header(entry)];
    const padding = Buffer.alloc((block - (entry.content.length % block)) % block);
    return [header(entry), entry.content, padding];
  });
  return Buffer.concat([...pieces, Buffer.alloc(2 * block)]);
}

/** @param {import("./entries.mjs").Entry} entry */
function header(entry) {
  const buffer = Buffer.alloc(block);
  const name = entry.kind === "folder" ? `${entry.path}/` : entry.path;
  text(buffer, name, 0, 100);
  number(buffer, entry.kind === "link" ? 0o777 : entry.mode, 100, 8);
  number(buffer, 0, 108, 8);
  number(buffer, 0, 116, 8);
  number(buffer, entry.kind === "file" ? entry.content.length : 0, 124, 12);
  number(buffer, 0, 136, 12);
  text(buffer, " ".repeat(8), 148, 8);
  text(buffer, typeFlags[entry.kind], 156, 1);
  if (entry.kind === "link") text(buffer, entry.target, 157, 100);
  text(buffer, "ustar\u000000", 257, 8);
  const sum = buffer.reduce((total, byte) => total + byte, 0);
  text(buffer, `${sum.toString(8).padStart(6, "0")}\0 `, 148, 8);
  return buffer;
}

/**
 * @param {Buffer} buffer
 * @param {string} value
 * @param {number} at
 * @param {number} room
 */
function text(buffer, value, at, room) {
  if (Buffer.byteLength(value) > room) throw new Error(`too long for this kind of tar archive: ${value}`);
  buffer.write(value, at, "utf8");
}

/**
 * Octal digits that end with a zero byte.
 * @param {Buffer} buffer
 * @param {number} value
 * @param {number} at
 * @param {number} room
 */
function number(buffer, value, at, room) {
  text(buffer, `${value.toString(8).padStart(room - 1, "0")}\0`, at, room);
}
