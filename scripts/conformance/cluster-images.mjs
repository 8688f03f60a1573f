import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Problem } from "../lib/main.mjs";
import { architecture } from "../image/architecture.mjs";
import { debianPackagesOf } from "../image/debian-packages.mjs";
import { file, folder, link, withFolders } from "../image/entries.mjs";
import { readInside } from "../image/library-files.mjs";
import { ociArchive } from "../image/oci-archive.mjs";
import { tar } from "../image/tar.mjs";
import { kernelHasSctp } from "./kernel-has-sctp.mjs";

/**
 * Writes the images that the cluster's pods need, under the names that upstream's tests ask for, and gives their files.
 * `programs` are paths by name.
 * @param {Readonly<Record<string, string>>} programs
 * @param {string} work
 */
export async function writeClusterImages(programs, work) {
  const program = (/** @type {string} */ name) => readFileSync(/** @type {string} */ (programs[name]));
  const agnhost = file("agnhost.real", program("agnhost"), 0o755);
  const standIn = file("agnhost", kernelHasSctp() ? agnhost.content : program("agnhost-without-sctp"), 0o755);
  // network-policy-api's pods start agnhost by a shell; doctor's pods use what else upstream's image has.
  const shell = file("bin/bash", await staticProgram("bash-static", "bin/bash-static"), 0o755);
  const busybox = file("usr/bin/busybox", await staticProgram("busybox-static", "bin/busybox"), 0o755);
  const tools = [shell, busybox, link("usr/bin/ping", "busybox"), link("usr/bin/sleep", "busybox")];
  const images = [
    {
      name: "podwall.dev/conformance-pause:1",
      entrypoint: ["/pause"],
      files: [file("pause", program("pause"), 0o755)],
    },
    {
      name: "registry.k8s.io/e2e-test-images/agnhost:2.59",
      entrypoint: ["/agnhost"],
      command: ["pause"],
      files: [file("agnhost", agnhost.content, 0o755), ...tools],
    },
    {
      name: "registry.k8s.io/e2e-test-images/agnhost:2.45",
      entrypoint: ["/agnhost"],
      command: ["pause"],
      files: [agnhost, standIn, shell],
    },
  ];
  return images.map(({ name, entrypoint, command = [], files }, index) => {
    const content = tar(withFolders([...skeleton(), ...files]));
    const layer = { title: name, tar: content, compressed: gzipSync(content, { level: 1 }) };
    const image = { reference: name, architecture: architecture(), labels: {}, entrypoint, command, layers: [layer] };
    const path = join(work, `image-${index}.tar`);
    writeFileSync(path, ociArchive(image).archive);
    return path;
  });
}

/** What agnhost's commands expect. */
function skeleton() {
  return [
    file("etc/passwd", "root:x:0:0:root:/:/agnhost\nnobody:x:65534:65534:nobody:/:/agnhost\n"),
    file("etc/group", "root:x:0:\nnogroup:x:65534:\n"),
    folder("tmp", 0o1777),
    folder("uploads"),
  ];
}

/**
 * A program that needs no libraries, out of a Debian package.
 * @param {string} name
 * @param {string} path
 */
async function staticProgram(name, path) {
  const packages = await debianPackagesOf([name]);
  const found = packages.map((one) => readInside(one.folder, path)).find((content) => content !== undefined);
  if (found === undefined) throw new Problem(`Debian's package ${name} has no /${path}.`);
  return found;
}
