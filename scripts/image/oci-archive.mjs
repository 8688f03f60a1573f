import { createHash } from "node:crypto";
import { file, withFolders } from "./entries.mjs";
import { tar } from "./tar.mjs";

const mediaTypes = {
  index: "application/vnd.oci.image.index.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
};

/**
 * A blob of the layout and how others point at it.
 * @typedef {{ mediaType: string, digest: string, size: number }} Descriptor
 */

/**
 * An image as the tar archive of an OCI image layout, which `ctr images import`, `skopeo` and `podman load` take. `reference`
 * is the name that it gets when it is imported.
 * @param {object} image
 * @param {string} image.reference
 * @param {import("./architecture.mjs").Architecture} image.architecture
 * @param {Readonly<Record<string, string>>} image.labels
 * @param {readonly string[]} image.entrypoint
 * @param {readonly string[]} [image.command]
 * @param {readonly { title: string, tar: Buffer, compressed: Buffer }[]} image.layers
 * @returns {{ archive: Buffer, digest: string }}
 */
export function ociArchive({ reference, architecture, labels, entrypoint, command = [], layers }) {
  /** @type {import("./entries.mjs").Entry[]} */
  const blobs = [];
  const add = (/** @type {string} */ mediaType, /** @type {Buffer} */ content) => {
    const digest = sha256(content);
    blobs.push(file(`blobs/${digest.replace(":", "/")}`, content));
    return { mediaType, digest, size: content.length };
  };
  const platform = { architecture: architecture.oci, os: "linux" };
  const config = add(
    mediaTypes.config,
    json({
      ...platform,
      config: {
        User: "0:0",
        Env: ["PATH=/usr/sbin:/usr/bin", "NODE_ENV=production"],
        Entrypoint: entrypoint,
        ...(command.length === 0 ? {} : { Cmd: command }),
        WorkingDir: "/",
        Labels: labels,
      },
      rootfs: { type: "layers", diff_ids: layers.map((layer) => sha256(layer.tar)) },
      history: layers.map(({ title }) => ({ created_by: title })),
    }),
  );
  const manifest = add(
    mediaTypes.manifest,
    json({
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config,
      layers: layers.map(({ compressed }) => add(mediaTypes.layer, compressed)),
      annotations: labels,
    }),
  );
  const names = {
    "io.containerd.image.name": reference,
    "org.opencontainers.image.ref.name": reference.slice(reference.lastIndexOf(":") + 1),
  };
  const index = json({
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: [{ ...manifest, platform, annotations: names }],
  });
  const layout = file("oci-layout", json({ imageLayoutVersion: "1.0.0" }));
  return { archive: tar(withFolders([...blobs, layout, file("index.json", index)])), digest: manifest.digest };
}

/** @param {unknown} value */
function json(value) {
  return Buffer.from(JSON.stringify(value));
}

/** @param {Buffer} content */
function sha256(content) {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
