import { type Endpoint, formatAddress, podKey } from "@podwall/engine";
import { printable } from "./printable.ts";

/** `namespace/pod`, or an address. */
export function endpointText(endpoint: Endpoint): string {
  return endpoint.kind === "pod" ? printable(podKey(endpoint.pod)) : formatAddress(endpoint.address);
}
