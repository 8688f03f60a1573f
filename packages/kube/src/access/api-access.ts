/** Where a Kubernetes API server is and as whom to speak to it. */
export interface ApiAccess {
  /** For messages: where this came from, as `context "kind" of /home/jo/.kube/config`. */
  readonly name: string;
  /** May have a path, where a proxy serves several clusters. */
  readonly server: URL;
  /** The context's namespace, or that of the pod; `default` where nothing says. */
  readonly namespace: string;
  /**
   * What to show the server now. Kept until it is old, so that each request may ask. Rejects with an `AccessError`,
   * and may be tried again then.
   */
  credentials(): Promise<ApiCredentials>;
  /** The server answered 401 to these: the next call of `credentials` reads or runs everything anew. */
  refused(credentials: ApiCredentials): void;
}

/** The same object is given as long as nothing in it changed, so that connections can be kept for it. */
export interface ApiCredentials {
  /** Headers to send with each request, as `authorization`. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly tls: TlsSettings;
}

/** For `https`. All certificates and keys are PEM. */
export interface TlsSettings {
  /** Undefined: the authorities that Node knows. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The name that the server's certificate must have, where it is not the host's. */
  readonly serverName?: string;
  /** Talk to a server whatever certificate it shows. */
  readonly skipVerify?: boolean;
}
