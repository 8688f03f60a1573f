import type { Pod } from "../model/pod.ts";
import type { Address } from "../net/address.ts";
import type { Field } from "./field.ts";
import { child, items } from "./read-field.ts";
import { readMeta, readNamespace } from "./object-meta.ts";
import { readPodSpec } from "./pod-spec.ts";
import { readAddress } from "./read-address.ts";
import { readString } from "./read-scalar.ts";
import { readScrapeHint } from "./scrape-hint.ts";

/** Reads what podwall uses of a v1 Pod. */
export function decodePod(root: Field): Pod {
  const metadata = child(root, "metadata");
  const { name, labels } = readMeta(metadata);
  const spec = child(root, "spec");
  const status = child(root, "status");
  const node = readString(child(spec, "nodeName")) ?? "";
  const phase = readString(child(status, "phase"));
  return {
    kind: "Pod",
    namespace: readNamespace(metadata),
    name,
    labels,
    ...(node === "" ? {} : { node }),
    ...readPodSpec(spec),
    completed: phase === "Succeeded" || phase === "Failed",
    addresses: readPodAddresses(status),
    ...readScrapeHint(metadata),
    range: root.range,
  };
}

/** `podIPs`, or `podIP` where a manifest has only that; one of each family, as the API allows no more. */
function readPodAddresses(status: Field): readonly Address[] {
  const fields = items(child(status, "podIPs")).map((item) => child(item, "ip"));
  const addresses: Address[] = [];
  for (const field of fields.length > 0 ? fields : [child(status, "podIP")]) {
    const address = readAddress(field);
    if (address !== undefined && !addresses.some(({ family }) => family === address.family)) addresses.push(address);
  }
  return addresses;
}
