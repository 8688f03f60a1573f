import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An image's archive, unpacked as a container runtime would, for one test file. */
export interface UnpackedImage {
  readonly config: ImageConfig;
  /** The root of its files. */
  readonly files: string;
  remove(): void;
}

export interface ImageConfig {
  readonly architecture: string;
  readonly config: { readonly User: string; readonly Entrypoint: readonly string[]; readonly Env: readonly string[] };
  readonly rootfs: { readonly diff_ids: readonly string[] };
}

interface Descriptor {
  readonly digest: string;
  readonly size: number;
}

/** Follows the layout from its index; every blob must be what its digest says. */
export function unpackImage(archive: Buffer): UnpackedImage {
  const folder = mkdtempSync(join(tmpdir(), "podwall-image-test-"));
  const layout = join(folder, "layout");
  const files = join(folder, "files");
  for (const path of [layout, files]) mkdirSync(path);
  writeFileSync(join(folder, "image.tar"), archive);
  execFileSync("tar", ["-xf", join(folder, "image.tar"), "-C", layout]);
  const blob = ({ digest, size }: Descriptor): string => {
    const path = join(layout, "blobs", ...digest.split(":"));
    const content = readFileSync(path);
    const sum = createHash("sha256").update(content).digest("hex");
    if (`sha256:${sum}` !== digest || content.length !== size) throw new Error(`${digest} is something else`);
    return path;
  };
  const json = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));
  const index = json(join(layout, "index.json")) as { manifests: Descriptor[] };
  const manifest = json(blob(index.manifests[0] as Descriptor)) as { config: Descriptor; layers: Descriptor[] };
  for (const layer of manifest.layers) execFileSync("tar", ["-xzf", blob(layer), "-C", files]);
  return {
    config: json(blob(manifest.config)) as ImageConfig,
    files,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
