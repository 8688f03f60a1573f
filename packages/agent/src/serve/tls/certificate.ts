/** What a server proves with who it is. */
export interface Certificate {
  /** One certificate or a chain, the server's first; PEM. */
  readonly cert: string;
  /** The first one's private key; PEM. */
  readonly key: string;
}

/** A certificate that cannot be served with. */
export class CertificateError extends Error {
  override readonly name = "CertificateError";
}
