import { readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../lib/main.mjs";
import { fromRoot } from "../lib/root.mjs";
import { file, folder, link } from "./entries.mjs";
import { debianFiles } from "./inputs.mjs";
import { isLink, libraryFiles, readInside } from "./library-files.mjs";

/**
 * @typedef {import("./entries.mjs").Entry} Entry
 * @typedef {import("./debian-packages.mjs").DebianPackage} DebianPackage
 * @typedef {{ title: string, entries: Entry[] }} Layer
 */

/** Where the agent's bundle is in the image. */
const program = "usr/lib/podwall/podwall.mjs";

/**
 * The layers, from what changes least to what changes most, and the Debian packages whose files are in them.
 * @param {object} sources
 * @param {readonly DebianPackage[]} sources.packages
 * @param {string} sources.nodeFolder
 * @param {import("./architecture.mjs").Architecture} sources.architecture
 * @param {(used: readonly DebianPackage[]) => string} sources.billOfMaterials
 */
export function layers({ packages, nodeFolder, architecture, billOfMaterials }) {
  const { entries: taken, from } = takenFiles(packages);
  const nodeProgram = readFileSync(join(nodeFolder, "bin/node"));
  const programs = [
    ...taken.filter((entry) => entry.path.includes("/sbin/")).map(({ content }) => content),
    nodeProgram,
  ];
  const libraries = libraryFiles(programs, packages, architecture);
  const used = packages.filter((candidate) => from.has(candidate) || libraries.used.has(candidate));
  /** @type {Layer[]} */
  const all = [
    {
      title: "Debian's nftables and conntrack with their libraries",
      entries: [...skeleton(), ...taken, ...libraries.entries, ...used.flatMap((one) => aboutPackage(one, packages))],
    },
    {
      title: "Node",
      entries: [
        file("usr/bin/node", nodeProgram, 0o755),
        file("usr/share/doc/node/LICENSE", readFileSync(join(nodeFolder, "LICENSE"))),
      ],
    },
    {
      title: "podwall",
      entries: [
        file(program, readFileSync(fromRoot("apps/cli/dist/podwall.mjs"))),
        file("usr/bin/podwall", `#!/usr/bin/node\nimport("/${program}");\n`, 0o755),
        file("usr/share/doc/podwall/LICENSE", readFileSync(fromRoot("LICENSE"))),
        file("usr/share/podwall/bill-of-materials.spdx.json", billOfMaterials(used)),
      ],
    },
  ];
  return { layers: all, used };
}

/** The folders that programs expect, root's account, and nobody's for those who run other commands of podwall. */
function skeleton() {
  const merged = ["bin", "lib", "lib64", "sbin"].map((name) => link(name, `usr/${name}`));
  const empty = ["dev", "proc", "root", "run", "sys", "usr/lib64", "var"].map((path) => folder(path));
  const passwd = ["root:x:0:0:root:/root:/sbin/nologin", "nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin"];
  return [
    ...merged,
    ...empty,
    folder("tmp", 0o1777),
    file("etc/passwd", `${passwd.join("\n")}\n`),
    file("etc/group", "root:x:0:\nnogroup:x:65534:\n"),
    file("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\nprotocols: files\nservices: files\n"),
    link("etc/os-release", "../usr/lib/os-release"),
  ];
}

/** @param {readonly DebianPackage[]} packages */
function takenFiles(packages) {
  /** @type {Set<DebianPackage>} */
  const from = new Set();
  const entries = debianFiles.map((path) => {
    const owner = packages.find((candidate) => readInside(candidate.folder, path) !== undefined);
    if (owner === undefined) throw new Problem(`No Debian package of scripts/image/inputs.mjs has the file ${path}.`);
    from.add(owner);
    const mode = path.includes("/sbin/") ? 0o755 : 0o644;
    return file(path, /** @type {Buffer} */ (readInside(owner.folder, path)), mode);
  });
  return { entries, from };
}

/**
 * A package's licence, and its record where tools that look for known faults read it in images without dpkg.
 * @param {DebianPackage} debianPackage
 * @param {readonly DebianPackage[]} all
 */
function aboutPackage({ name, control, folder: unpacked }, all) {
  const documents = `usr/share/doc/${name}`;
  // Packages that are built together share the licence of one of them, by a link.
  const owner = isLink(join(unpacked, documents)) ? readlinkSync(join(unpacked, documents)) : name;
  const copyright = all
    .map((one) => readInside(one.folder, `usr/share/doc/${owner}/copyright`))
    .find((text) => text !== undefined);
  if (copyright === undefined) throw new Problem(`The Debian package ${name} comes without its licence.`);
  return [file(`var/lib/dpkg/status.d/${name}`, control), file(`${documents}/copyright`, copyright)];
}
