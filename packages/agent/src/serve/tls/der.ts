/** The few tags of DER (ITU-T X.690) that a certificate needs. */
const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
  utcTime: 0x17,
  generalizedTime: 0x18,
} as const;

/** A value with its tag and length. Context tags are numbers of their own. */
export function der(tag: keyof typeof tags | number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const number = typeof tag === "number" ? tag : tags[tag];
  if (length < 0x80) return Buffer.concat([Buffer.of(number, length), content]);
  const bytes = length > 0xff ? [length >> 8, length & 0xff] : [length];
  if (length > 0xffff) throw new RangeError(`${length} bytes are too many`);
  return Buffer.concat([Buffer.of(number, 0x80 | bytes.length, ...bytes), content]);
}

/** An object identifier from its dotted text, such as `2.5.4.3`. */
export function objectIdentifier(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const digits = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      digits.unshift(0x80 | (left & 0x7f));
    return digits;
  });
  return der("objectIdentifier", Buffer.from(bytes));
}

/** Whole bytes as a bit string. */
export function bitString(bytes: Uint8Array): Buffer {
  return der("bitString", Buffer.of(0), bytes);
}
