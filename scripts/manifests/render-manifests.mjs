import { helm } from "../lib/helm.mjs";
import { fromRoot } from "../lib/root.mjs";

/** The file of plain manifests, in the checkout. */
export const manifestsFile = "deploy/podwall.yaml";

/** What `podwall status` expects, too. */
export const namespace = "podwall-system";

const introduction = `# podwall's agents on every node, without Helm: kubectl apply -f ${manifestsFile}
# Made from charts/podwall by \`npm run manifests\`; see docs/install.md. Change the chart instead.
`;

/** The plain manifests: the chart with its own values, in its own namespace. */
export async function renderManifests() {
  const args = ["--namespace", namespace, "--set", "createNamespace=true"];
  const text = await helm(["template", "podwall", fromRoot("charts/podwall"), ...args]);
  // Nobody's Helm manages these.
  const plain = text.replaceAll(/^ *(helm\.sh\/chart|app\.kubernetes\.io\/managed-by): .*\n/gm, "");
  return introduction + plain.replaceAll(/^# Source: .*\n/gm, "").replaceAll(/(\n---)+\s*\n(?=---\n|$)/g, "\n");
}
