import type { ApiAccess, ApiCredentials } from "./api-access.ts";

/** Where credentials come from; each part reads its own file or runs its own program when it must. */
export interface CredentialSource {
  read(): Promise<ApiCredentials>;
  /** Reads or runs anew next time. */
  markStale(): void;
}

export interface RenewedAccessOptions {
  readonly name: string;
  readonly server: URL;
  readonly namespace: string;
  readonly source: CredentialSource;
}

/** Access whose credentials may change while it is in use. */
export function renewedAccess({ name, server, namespace, source }: RenewedAccessOptions): ApiAccess {
  let last: { readonly credentials: ApiCredentials; readonly text: string } | undefined;
  return {
    name,
    server,
    namespace,
    async credentials() {
      const credentials = await source.read();
      const text = JSON.stringify(credentials);
      if (last?.text !== text) last = { credentials, text };
      return last.credentials;
    },
    refused(credentials) {
      // Requests that were under way with older credentials say nothing about the present ones.
      if (last?.credentials === credentials) source.markStale();
    },
  };
}
