const programHeaderLoad = 1;
const programHeaderDynamic = 2;
const tagNeeded = 1n;
const tagStringTable = 5n;

/**
 * The names of the libraries that an ELF file asks the loader for (DT_NEEDED). For 64-bit files with the lowest byte
 * first, which is all that podwall runs on; layout as in elf(5).
 * @param {Buffer} elf
 * @returns {string[]}
 */
export function neededLibraries(elf) {
  if (elf.readUInt32BE(0) !== 0x7f454c46 || elf[4] !== 2 || elf[5] !== 1) throw new Error("no 64-bit ELF file");
  const headers = programHeaders(elf);
  const dynamic = headers.find(({ type }) => type === programHeaderDynamic);
  if (dynamic === undefined) return [];
  /** @type {number[]} */
  const names = [];
  let strings = 0n;
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
    const tag = elf.readBigUInt64LE(at);
    const value = elf.readBigUInt64LE(at + 8);
    if (tag === tagNeeded) names.push(Number(value));
    if (tag === tagStringTable) strings = value;
  }
  const table = offsetOf(strings, headers);
  return names.map((name) => {
    const start = table + name;
    return elf.toString("latin1", start, elf.indexOf(0, start));
  });
}

/** @typedef {{ type: number, offset: number, address: bigint, size: number }} ProgramHeader */

/**
 * @param {Buffer} elf
 * @returns {ProgramHeader[]}
 */
function programHeaders(elf) {
  const start = Number(elf.readBigUInt64LE(32));
  const size = elf.readUInt16LE(54);
  return Array.from({ length: elf.readUInt16LE(56) }, (_, index) => {
    const at = start + index * size;
    return {
      type: elf.readUInt32LE(at),
      offset: Number(elf.readBigUInt64LE(at + 8)),
      address: elf.readBigUInt64LE(at + 16),
      size: Number(elf.readBigUInt64LE(at + 32)),
    };
  });
}

/**
 * Where in the file an address of the loaded program is.
 * @param {bigint} address
 * @param {readonly ProgramHeader[]} headers
 */
function offsetOf(address, headers) {
  const segment = headers.find(
    ({ type, address: start, size }) =>
      type === programHeaderLoad && address >= start && address < start + BigInt(size),
  );
  if (segment === undefined) throw new Error("an ELF file whose table of names is not in it");
  return segment.offset + Number(address - segment.address);
}
