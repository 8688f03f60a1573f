/** What a kubeconfig's user shows the server. */
export interface UserProof {
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly cert?: string;
  readonly key?: string;
}
