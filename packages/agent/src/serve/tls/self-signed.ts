import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import type { Address } from "@podwall/engine";
import type { Certificate } from "./certificate.ts";
import { bitString, der, objectIdentifier } from "./der.ts";

/** Whom a certificate is for, as far as that can be said. */
export interface CertifiedServer {
  /** Of the node; left out where it is no DNS name. */
  readonly name: string;
  readonly address?: Address;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const dayMs = 86_400_000;
/** "No well-defined expiration date" (RFC 5280, 4.1.2.5): it is good for as long as the process that made it runs. */
const never = "99991231235959Z";
const dnsName = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * A key (P-256) and a certificate for it that it signed itself (X.509 version 3, RFC 5280), as the kubelet makes one where it
 * is given none. Nobody can tell by it who serves; what is sent is not to be read on its way.
 */
export function selfSigned({ name, address, now }: CertifiedServer): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = der("sequence", objectIdentifier("1.2.840.10045.4.3.2"));
  const commonName = der("sequence", objectIdentifier("2.5.4.3"), der("utf8String", Buffer.from("podwall-agent")));
  const subject = der("sequence", der("set", commonName));
  const serial = randomBytes(16);
  // Positive, and no shorter.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const body = der(
    "sequence",
    der(0xa0, der("integer", Buffer.of(2))),
    der("integer", serial),
    algorithm,
    subject,
    // A day ago, as clocks of nodes that have just booted may be off.
    der("sequence", time(now - dayMs), der("generalizedTime", Buffer.from(never))),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, der("sequence", ...extensions(name, address))),
  );
  const signature = sign("sha256", body, privateKey);
  const whole = der("sequence", body, algorithm, bitString(signature));
  return { cert: pem(whole), key: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
}

function extensions(name: string, address: Address | undefined): Buffer[] {
  const names = [
    ...(dnsName.test(name) ? [der(0x82, Buffer.from(name))] : []),
    ...(address === undefined ? [] : [der(0x87, addressBytes(address))]),
  ];
  return [
    // Basic constraints: no authority.
    extension("2.5.29.19", "critical", der("sequence")),
    // Key usage: digital signatures, the first bit.
    extension("2.5.29.15", "critical", der("bitString", Buffer.of(7, 0x80))),
    // Extended key usage: a server.
    extension("2.5.29.37", "not critical", der("sequence", objectIdentifier("1.3.6.1.5.5.7.3.1"))),
    ...(names.length === 0 ? [] : [extension("2.5.29.17", "not critical", der("sequence", ...names))]),
  ];
}

function extension(id: string, critical: "critical" | "not critical", value: Buffer): Buffer {
  const flag = critical === "critical" ? [der("boolean", Buffer.of(0xff))] : [];
  return der("sequence", objectIdentifier(id), ...flag, der("octetString", value));
}

/** In the network's order. */
function addressBytes({ family, words }: Address): Buffer {
  const bytes = Buffer.alloc(16);
  for (const [index, word] of words.entries()) bytes.writeUInt32BE(word, index * 4);
  return family === 4 ? bytes.subarray(12) : bytes;
}

/** To the second; as RFC 5280 has it, with two digits of the year until 2049. */
function time(ms: number): Buffer {
  const text = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, "");
  return Number(text.slice(0, 4)) < 2050
    ? der("utcTime", Buffer.from(text.slice(2)))
    : der("generalizedTime", Buffer.from(text));
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
