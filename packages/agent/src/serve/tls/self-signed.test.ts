import { X509Certificate, createPrivateKey } from "node:crypto";
import { parseAddress } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { selfSigned } from "./self-signed.ts";

const now = Date.UTC(2030, 1, 3, 4, 5, 6);

describe("a certificate that an agent makes", () => {
  it("is for its node's name and address, and good for as long as it is kept", () => {
    const { cert, key } = selfSigned({ name: "node-1.example", address: parseAddress("10.0.0.5")!, now });
    const x509 = new X509Certificate(cert);
    expect(x509).toMatchObject({
      subject: "CN=podwall-agent",
      issuer: "CN=podwall-agent",
      subjectAltName: "DNS:node-1.example, IP Address:10.0.0.5",
      validFrom: "Feb  2 04:05:06 2030 GMT",
      validTo: "Dec 31 23:59:59 9999 GMT",
      ca: false,
      // A server's.
      keyUsage: ["1.3.6.1.5.5.7.3.1"],
    });
    expect(x509.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
    expect(x509.verify(x509.publicKey)).toBe(true);
    expect(x509.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect([x509.checkIP("10.0.0.5"), x509.checkHost("node-1.example")]).toEqual(["10.0.0.5", "node-1.example"]);
  });

  it("is one however long the node's name, and leaves out what is no DNS name", () => {
    for (let length = 1; length <= 253; length += 4) {
      const name = "a".repeat(length);
      expect(new X509Certificate(selfSigned({ name, now }).cert).subjectAltName).toBe(`DNS:${name}`);
    }
    for (const name of ["a".repeat(254), "", "Node", "ä", "a\nb", "-a"])
      expect(new X509Certificate(selfSigned({ name, now }).cert).subjectAltName).toBeUndefined();
    const { cert } = selfSigned({ name: "?", address: parseAddress("fd00::1")!, now: Date.UTC(2060, 0) });
    expect(new X509Certificate(cert)).toMatchObject({
      subjectAltName: "IP Address:FD00:0:0:0:0:0:0:1",
      validFrom: "Dec 31 00:00:00 2059 GMT",
    });
  });

  it("is another each time, with a positive number of 16 bytes", () => {
    const numbers = Array.from(
      { length: 50 },
      () => new X509Certificate(selfSigned({ name: "a", now }).cert).serialNumber,
    );
    expect(new Set(numbers).size).toBe(50);
    for (const number of numbers) expect(number).toMatch(/^[4-7][0-9A-F]{31}$/);
  });
});
