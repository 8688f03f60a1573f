import { KubeError } from "./kube-error.ts";

const certificateProblems: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is not signed by the certificate authority given",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is not signed by the certificate authority given",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is not signed by the certificate authority given",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate is not signed by the certificate authority given",
  CERT_SIGNATURE_FAILURE: "its certificate is not signed by the certificate authority given",
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet; is this machine's clock right?",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name; tls-server-name says which name to expect",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS there; is the address one of http?",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: "it wants a client certificate",
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: "it does not know the authority of the client certificate",
};

/** A connection's error as a `KubeError` that says what to do; a `KubeError` stays what it is. */
export function explainFailure(error: unknown, origin: string): KubeError {
  if (error instanceof KubeError) return error;
  const { code = "", message } = error as NodeJS.ErrnoException;
  const why = certificateProblems[code] ?? (message || code);
  return new KubeError("unreachable", `cannot speak to ${origin}: ${why}`, { cause: error });
}
