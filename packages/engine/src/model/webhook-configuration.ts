import type { SourceRange } from "../source/source-file.ts";

/** Webhooks that the API server calls (admissionregistration.k8s.io/v1), as far as they are Services. */
export interface WebhookConfiguration {
  readonly kind: "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration";
  readonly name: string;
  readonly webhooks: readonly Webhook[];
  readonly range?: SourceRange;
}

export interface Webhook {
  readonly name: string;
  /** `clientConfig.service`; the port is the Service's, 443 where it is not said. */
  readonly service: { readonly namespace: string; readonly name: string; readonly port: number };
  /** What the API server does when the call fails: `Fail` refuses the object, `Ignore` lets it pass unchecked. */
  readonly failurePolicy: "Fail" | "Ignore";
  readonly range?: SourceRange;
}
