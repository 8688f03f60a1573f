import type { Webhook, WebhookConfiguration } from "../model/webhook-configuration.ts";
import type { Field } from "./field.ts";
import { readMeta } from "./object-meta.ts";
import { child, descendant, items } from "./read-field.ts";
import { readInt32, readString } from "./read-scalar.ts";

/** Makes the reader of a kind of webhook configurations. Webhooks by URL are left out: no policy is about them. */
export function webhookDecoder(kind: WebhookConfiguration["kind"]): (root: Field) => WebhookConfiguration {
  return (root) => ({
    kind,
    name: readMeta(child(root, "metadata")).name,
    webhooks: items(child(root, "webhooks")).flatMap((field) => readWebhook(field) ?? []),
    range: root.range,
  });
}

function readWebhook(field: Field): Webhook | undefined {
  const service = descendant(field, "clientConfig", "service");
  const namespace = readString(child(service, "namespace")) ?? "";
  const name = readString(child(service, "name")) ?? "";
  if (namespace === "" || name === "") return undefined;
  return {
    name: readString(child(field, "name")) ?? "",
    service: { namespace, name, port: readInt32(child(service, "port")) ?? 443 },
    failurePolicy: readString(child(field, "failurePolicy")) === "Ignore" ? "Ignore" : "Fail",
    range: child(service, "name").range,
  };
}
