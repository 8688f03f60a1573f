import { parseAddress } from "@podwall/engine";
import type { ListenAddress } from "../listen-address.ts";
import type { Certificate } from "./certificate.ts";
import { type CertificateFiles, readCertificate } from "./certificate-files.ts";
import { selfSigned } from "./self-signed.ts";

export interface CertificateNeeds {
  readonly files: CertificateFiles | undefined;
  readonly readers: "anybody" | "token";
  readonly node: string;
  readonly listen: ListenAddress;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * What to serve the endpoints with: the certificate that is given, else where readers show tokens one that is made. Undefined
 * for plain HTTP. Rejects with a `CertificateError`.
 */
export async function certificateFor(needs: CertificateNeeds): Promise<Certificate | undefined> {
  const { files, readers, node, listen, now } = needs;
  if (files !== undefined) return readCertificate(files);
  if (readers === "anybody") return undefined;
  const address = parseAddress(listen.host);
  const isOne = address?.words.some((word) => word !== 0) === true;
  return selfSigned({ name: node, ...(isOne ? { address } : {}), now });
}
