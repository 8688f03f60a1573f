import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Problem } from "../lib/main.mjs";
import { architecture } from "../image/architecture.mjs";
import { debianPackagesOf } from "../image/debian-packages.mjs";
import { file, folder, link, withFolders } from "../image/entries.mjs";
import { libraryFiles, readInside } from "../image/library-files.mjs";
import { ociArchive } from "../image/oci-archive.mjs";
import { tar } from "../image/tar.mjs";
import { kernelHasSctp } from "./kernel-has-sctp.mjs";

/** @typedef {import("../image/entries.mjs").Entry} Entry */

/**
 * Writes the images that the cluster's pods need, under the names that upstream's tests ask for, and gives their files.
 * `programs` are paths by name.
 * @param {Readonly<Record<string, string>>} programs
 * @param {string} work
 */
export async function writeClusterImages(programs, work) {
  const program = (/** @type {string} */ name) => readFileSync(/** @type {string} */ (programs[name]));
  const agnhost = layer("agnhost", [...skeleton(), file("agnhost.real", program("agnhost"), 0o755)]);
  const plain = link("agnhost", "agnhost.real");
  const standIn = kernelHasSctp() ? plain : file("agnhost", program("agnhost-without-sctp"), 0o755);
  const shell = file("usr/bin/bash", await staticProgram("bash-static", "bin/bash-static"), 0o755);
  const images = [
    {
      name: "podwall.dev/conformance-pause:1",
      entrypoint: ["/pause"],
      layers: [layer("pause", [...skeleton(), file("pause", program("pause"), 0o755)])],
    },
    {
      name: "registry.k8s.io/e2e-test-images/agnhost:2.59",
      entrypoint: ["/agnhost"],
      command: ["pause"],
      // doctor's pods use what else upstream's image has.
      layers: [agnhost, layer("tools", [plain, shell, ...(await sleepAndPing())])],
    },
    {
      name: "registry.k8s.io/e2e-test-images/agnhost:2.45",
      entrypoint: ["/agnhost"],
      command: ["pause"],
      // network-policy-api's pods start agnhost by a shell.
      layers: [agnhost, layer("shell", [standIn, shell])],
    },
    {
      name: "docker.io/mfenwick100/cyclonus-worker:latest",
      entrypoint: ["/worker"],
      layers: [agnhost, layer("worker", [plain, file("worker", program("worker"), 0o755)])],
    },
  ];
  return images.map(({ name, entrypoint, command = [], layers }, index) => {
    const image = { reference: name, architecture: architecture(), labels: {}, entrypoint, command, layers };
    const path = join(work, `image-${index}.tar`);
    writeFileSync(path, ociArchive(image).archive);
    return path;
  });
}

/**
 * @param {string} title
 * @param {readonly Entry[]} entries
 */
function layer(title, entries) {
  const content = tar(withFolders(entries));
  return { title, tar: content, compressed: gzipSync(content, { level: 1 }) };
}

/** What agnhost's commands expect, and the folders that are links. */
function skeleton() {
  return [
    ...["bin", "lib", "lib64", "sbin"].map((name) => link(name, `usr/${name}`)),
    file("etc/passwd", "root:x:0:0:root:/:/agnhost\nnobody:x:65534:65534:nobody:/:/agnhost\n"),
    file("etc/group", "root:x:0:\nnogroup:x:65534:\n"),
    folder("tmp", 0o1777),
    folder("uploads"),
  ];
}

/** Debian's busybox has a ping too, and that one wants rights that pods do not have. */
async function sleepAndPing() {
  const packages = await debianPackagesOf(["iputils-ping"]);
  const ping = programOf(packages, "iputils-ping", "bin/ping");
  return [
    file("usr/bin/busybox", await staticProgram("busybox-static", "bin/busybox"), 0o755),
    link("usr/bin/sleep", "busybox"),
    file("usr/bin/ping", ping, 0o755),
    ...libraryFiles([ping], packages, architecture()).entries,
  ];
}

/**
 * A program that needs no libraries, out of a Debian package.
 * @param {string} name
 * @param {string} path
 */
async function staticProgram(name, path) {
  return programOf(await debianPackagesOf([name]), name, path);
}

/**
 * @param {readonly import("../image/debian-packages.mjs").DebianPackage[]} packages
 * @param {string} name
 * @param {string} path
 */
function programOf(packages, name, path) {
  const found = packages.map((one) => readInside(one.folder, path)).find((content) => content !== undefined);
  if (found === undefined) throw new Problem(`Debian's package ${name} has no /${path}.`);
  return found;
}
