import { X509Certificate, createPrivateKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { type Clock, sleep } from "@podwall/kube";
import { errorText } from "../../error-text.ts";
import type { Log } from "../../log.ts";
import { type Certificate, CertificateError } from "./certificate.ts";

/** Where a certificate and its key are, in PEM, as a Secret of type `kubernetes.io/tls` is mounted. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Between two looks at the files; a kubelet takes about a minute to bring a changed Secret to its node. */
const lookEveryMs = 30_000;

/** Reads the files. Rejects with a `CertificateError` that names the file, where they are not a certificate and its key. */
export async function readCertificate({ certFile, keyFile }: CertificateFiles): Promise<Certificate> {
  const [cert, key] = await Promise.all([read(certFile), read(keyFile)]);
  const first = checked(certFile, "holds no certificate in PEM", () => new X509Certificate(cert));
  const privateKey = checked(keyFile, "holds no private key in PEM without a password", () => createPrivateKey(key));
  if (!first.checkPrivateKey(privateKey))
    throw new CertificateError(`${keyFile} is not the key of the first certificate in ${certFile}`);
  checked(certFile, "cannot be served with", () => createSecureContext({ cert, key }));
  return { cert, key };
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new CertificateError(`${file} cannot be read: ${errorText(error)}`, { cause: error });
  }
}

function checked<Value>(file: string, fault: string, make: () => Value): Value {
  try {
    return make();
  } catch (error) {
    throw new CertificateError(`${file} ${fault}: ${errorText(error)}`, { cause: error });
  }
}

export interface FollowFilesOptions {
  readonly files: CertificateFiles;
  /** What they held. */
  readonly first: Certificate;
  readonly onNew: (certificate: Certificate) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Reads the files again and again until the signal is aborted. While they are no good the last certificate stays. */
export async function followCertificate(options: FollowFilesOptions, signal: AbortSignal): Promise<void> {
  const { files, onNew, clock, log } = options;
  let now = options.first;
  let badLooks = 0;
  for (;;) {
    await sleep(clock, lookEveryMs, signal);
    if (signal.aborted) return;
    const read = await readCertificate(files).catch((error: unknown) => errorText(error));
    badLooks = typeof read === "string" ? badLooks + 1 : 0;
    if (typeof read === "string") {
      // Once may be because the files were read while they were being changed.
      if (badLooks === 2) log("warn", "the new certificate is no good; the last one stays", { because: read });
      continue;
    }
    if (read.cert === now.cert && read.key === now.key) continue;
    now = read;
    onNew(read);
    log("info", "serving with a new certificate", { until: new X509Certificate(read.cert).validTo });
  }
}
