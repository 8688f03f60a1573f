import { readFileSync } from "node:fs";
import { fromRoot } from "../lib/root.mjs";
import { node } from "./inputs.mjs";

/**
 * @typedef {{ name: string, version: string, purl: string, checksum?: { algorithm: string, value: string } }} Part
 * @typedef {{ packages: Record<string, import("../lib/lock.mjs").LockedPackage & { integrity?: string }> }} LockWithIntegrity
 */

/**
 * What the image is made of, as an SPDX 2.3 document. Names no time and nothing random: the same parts give the same text.
 * @param {object} image
 * @param {string} image.name
 * @param {string} image.version
 * @param {readonly import("./debian-packages.mjs").DebianPackage[]} image.packages
 * @param {import("./architecture.mjs").Architecture} image.architecture
 */
export function billOfMaterials({ name, version, packages, architecture }) {
  const parts = [...packages.map((one) => debianPart(one, architecture)), nodePart(architecture), ...npmParts()];
  const document = {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: `${name}-${version}`,
    documentNamespace: `https://podwall.dev/images/${name}-${version}-${architecture.oci}`,
    creationInfo: { created: "1970-01-01T00:00:00Z", creators: ["Tool: podwall-image"] },
    packages: [
      { SPDXID: "SPDXRef-podwall", name, versionInfo: version, downloadLocation: "NOASSERTION", filesAnalyzed: false },
      ...parts.map(spdxPackage),
    ],
    relationships: [
      { spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES", relatedSpdxElement: "SPDXRef-podwall" },
      ...parts.map((part) => ({
        spdxElementId: "SPDXRef-podwall",
        relationshipType: "CONTAINS",
        relatedSpdxElement: idOf(part),
      })),
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** @param {Part} part */
function spdxPackage(part) {
  const { name, version, purl, checksum } = part;
  return {
    SPDXID: idOf(part),
    name,
    versionInfo: version,
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    ...(checksum === undefined
      ? {}
      : { checksums: [{ algorithm: checksum.algorithm, checksumValue: checksum.value }] }),
    externalRefs: [{ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: purl }],
  };
}

/** @param {Part} part */
function idOf({ purl }) {
  return `SPDXRef-${purl.slice("pkg:".length).replaceAll(/[^A-Za-z0-9.]+/g, "-")}`;
}

/**
 * @param {import("./debian-packages.mjs").DebianPackage} debianPackage
 * @param {import("./architecture.mjs").Architecture} architecture
 * @returns {Part}
 */
function debianPart({ name, version, sha256 }, { debian }) {
  const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${debian}`;
  return { name, version, purl, checksum: { algorithm: "SHA256", value: sha256 } };
}

/**
 * @param {import("./architecture.mjs").Architecture} architecture
 * @returns {Part}
 */
function nodePart({ npm }) {
  const name = `node-linux-${npm}`;
  return {
    name,
    version: node.version,
    purl: `pkg:npm/${name}@${node.version}`,
    checksum: sha512(node.integrity[npm]),
  };
}

/**
 * The npm packages that the command line is built from, by the lock file.
 * @returns {Part[]}
 */
function npmParts() {
  /** @type {LockWithIntegrity} */
  const lock = JSON.parse(readFileSync(fromRoot("package-lock.json"), "utf8"));
  /** @type {Map<string, Part>} */
  const parts = new Map();
  const waiting = ["apps/cli"];
  /** @type {Set<string>} */
  const seen = new Set();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const entry = lock.packages[path];
    if (seen.has(path) || entry === undefined) continue;
    seen.add(path);
    const { version, integrity, resolved, dependencies = {} } = entry;
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    if (path.includes("node_modules/") && version !== undefined && integrity !== undefined) {
      const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
      parts.set(purl, { name, version, purl, checksum: sha512(integrity) });
    }
    if (entry.link === true && resolved !== undefined) waiting.push(resolved);
    for (const dependency of Object.keys(dependencies)) waiting.push(placeOf(dependency, path, lock));
  }
  return [...parts.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1));
}

/**
 * The nearest node_modules that has it, as Node looks for it.
 * @param {string} name
 * @param {string} from
 * @param {LockWithIntegrity} lock
 */
function placeOf(name, from, lock) {
  for (let folder = from; folder !== ""; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    const path = `${folder}/node_modules/${name}`;
    if (lock.packages[path] !== undefined) return path;
  }
  return `node_modules/${name}`;
}

/**
 * @param {string} integrity
 */
function sha512(integrity) {
  return { algorithm: "SHA512", value: Buffer.from(integrity.replace("sha512-", ""), "base64").toString("hex") };
}
