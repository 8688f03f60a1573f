import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fromRoot } from "../lib/root.mjs";
import { architecture as machineArchitecture } from "./architecture.mjs";
import { billOfMaterials } from "./bill-of-materials.mjs";
import { compress } from "./compress.mjs";
import { debianPackagesOf } from "./debian-packages.mjs";
import { withFolders } from "./entries.mjs";
import { debianPackages, node } from "./inputs.mjs";
import { layers } from "./layers.mjs";
import { nodePackage } from "./node-package.mjs";
import { ociArchive } from "./oci-archive.mjs";
import { tar } from "./tar.mjs";

/**
 * @typedef {{ digest: string, archive: Buffer, billOfMaterials: string, parts: readonly string[], layers: readonly BuiltLayer[] }} BuiltImage
 * @typedef {{ title: string, files: number, bytes: number, compressedBytes: number }} BuiltLayer
 */

/** podwall's version, which is the image's and the chart's. */
export function podwallVersion() {
  /** @type {{ version: string }} */
  const { version } = JSON.parse(readFileSync(fromRoot("apps/cli/package.json"), "utf8"));
  return version;
}

/**
 * Builds the agent's image from the built command line, Debian's packages and npm's Node.
 * @param {string} reference
 * @returns {Promise<BuiltImage>}
 */
export async function buildImage(reference) {
  const architecture = machineArchitecture();
  const [packages, nodeFolder] = await Promise.all([debianPackagesOf(debianPackages), nodePackage(architecture)]);
  const version = podwallVersion();
  const bill = (/** @type {readonly import("./debian-packages.mjs").DebianPackage[]} */ used) =>
    billOfMaterials({ name: "podwall", version, packages: used, architecture });
  const contents = layers({ packages, nodeFolder, architecture, billOfMaterials: bill });
  const built = [];
  for (const { title, entries } of contents.layers) {
    const content = tar(withFolders(entries));
    built.push({ title, tar: content, compressed: await compress(content, join(nodeFolder, "bin/node")), entries });
  }
  const nft = contents.used.find(({ name }) => name === "nftables")?.version ?? "";
  const labels = {
    "org.opencontainers.image.title": "podwall",
    "org.opencontainers.image.description": "The node agent of podwall, the firewall for Kubernetes pods",
    "org.opencontainers.image.licenses": "Apache-2.0",
    "org.opencontainers.image.version": version,
    "dev.podwall.node-version": node.version,
    "dev.podwall.nftables-version": nft,
  };
  const { archive, digest } = ociArchive({
    reference,
    architecture,
    labels,
    entrypoint: ["/usr/bin/podwall"],
    layers: built,
  });
  return {
    digest,
    archive,
    billOfMaterials: bill(contents.used),
    parts: [...contents.used.map(({ name, version: of }) => `${name} ${of}`), `node ${node.version}`],
    layers: built.map(({ title, tar: content, compressed, entries }) => ({
      title,
      files: entries.filter(({ kind }) => kind === "file").length,
      bytes: content.length,
      compressedBytes: compressed.length,
    })),
  };
}
