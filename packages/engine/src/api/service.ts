import type { Service, ServicePort } from "../model/cluster.ts";
import type { Address } from "../net/address.ts";
import type { Field } from "./field.ts";
import { child, items } from "./read-field.ts";
import { dnsLabelProblems } from "./names.ts";
import { readMeta, readNamespace } from "./object-meta.ts";
import { checkPortName, checkPortNumber, readProtocol } from "./policy-port.ts";
import { required, unsupported } from "./problem.ts";
import { readAddress } from "./read-address.ts";
import { readInt32, readIntOrString, readString, readStringMap } from "./read-scalar.ts";
import { readScrapeHint } from "./scrape-hint.ts";

/** Reads what podwall uses of a v1 Service. */
export function decodeService(root: Field): Service {
  const metadata = child(root, "metadata");
  const { name, labels } = readMeta(metadata, dnsLabelProblems);
  const spec = child(root, "spec");
  const selector = readStringMap(child(spec, "selector"));
  const clusterIps = readClusterIps(spec);
  return {
    kind: "Service",
    namespace: readNamespace(metadata),
    name,
    ...(selector.size === 0 ? {} : { selector }),
    ...(labels.size === 0 ? {} : { labels }),
    ...clusterIps,
    type: readType(child(spec, "type")),
    ...(readString(child(spec, "externalTrafficPolicy")) === "Local" ? { keepsSource: true } : {}),
    ports: items(child(spec, "ports")).map(readServicePort),
    ...readScrapeHint(metadata),
    range: root.range,
  };
}

function readType(field: Field): Service["type"] {
  const type = readString(field) ?? "";
  if (type === "") return "ClusterIP";
  const known = serviceTypes.find((one) => one === type);
  if (known === undefined) unsupported(field, "PW2015", type, serviceTypes);
  return known ?? "ClusterIP";
}

const serviceTypes: readonly Service["type"][] = ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"];

function readClusterIps(spec: Field): Pick<Service, "addresses" | "headless"> {
  const listed = items(child(spec, "clusterIPs"));
  const fields = listed.length > 0 ? listed : [child(spec, "clusterIP")];
  const [first] = fields;
  if (first?.node?.kind === "scalar" && first.node.value === "None") return { addresses: [], headless: true };
  const addresses: readonly Address[] = fields.flatMap((field) => readAddress(field) ?? []);
  return { addresses, headless: false };
}

function readServicePort(field: Field): ServicePort {
  const portField = child(field, "port");
  const port = readInt32(portField);
  if (portField.node === undefined) required(portField, "PW2005", "");
  if (port !== undefined) checkPortNumber(portField, port);
  const name = readString(child(field, "name")) ?? "";
  return {
    ...(name === "" ? {} : { name }),
    protocol: readProtocol(child(field, "protocol")),
    port: port ?? 0,
    targetPort: readTargetPort(child(field, "targetPort")) ?? port ?? 0,
  };
}

/** The API server defaults 0 and the empty text, like an absent field, to `port`. */
function readTargetPort(field: Field): number | string | undefined {
  const target = readIntOrString(field);
  if (target === undefined || target === 0 || target === "") return undefined;
  if (typeof target === "number") checkPortNumber(field, target);
  else checkPortName(field, target);
  return target;
}
