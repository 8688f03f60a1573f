import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BuiltImage, buildImage } from "../../scripts/image/build-image.mjs";
import { type UnpackedImage, unpackImage } from "./support/image.ts";
import { lacking, withPackets } from "./support/lacking.ts";

const reference = "podwall.dev/podwall:test";
const debianLacking =
  spawnSync("apt-get", ["--version"]).status === 0 && spawnSync("dpkg-deb", ["--version"]).status === 0
    ? lacking
    : "needs apt-get and dpkg-deb";

describe.skipIf(debianLacking !== undefined)(
  debianLacking === lacking ? withPackets("the agent's image") : `the agent's image (skipped: ${debianLacking})`,
  () => {
    let image: BuiltImage;
    let unpacked: UnpackedImage;

    beforeAll(async () => {
      image = await buildImage(reference);
      unpacked = unpackImage(image.archive);
    }, 600_000);
    afterAll(() => unpacked?.remove());

    /** Runs a program of the image as its container would: with its files as all there is. */
    function inside(program: readonly string[], input = ""): { status: number | null; output: string } {
      const users = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
      const args = [...users, "--net", "--mount", "chroot", unpacked.files, ...program];
      const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" };
      const { status, stdout, stderr } = spawnSync("unshare", args, { input, env, encoding: "utf8" });
      return { status, output: stdout + stderr };
    }

    it("is the same, bit by bit, when it is built again", async () => {
      const again = await buildImage(reference);
      expect(again.digest).toBe(image.digest);
      expect(again.archive.equals(image.archive)).toBe(true);
      expect(again.billOfMaterials).toBe(image.billOfMaterials);
    });

    it("starts podwall, as root of its own and by a path", () => {
      expect(unpacked.config.config.Entrypoint).toEqual(["/usr/bin/podwall"]);
      expect(unpacked.config.config.User).toBe("0:0");
      expect(unpacked.config.rootfs.diff_ids).toHaveLength(3);
      expect(inside(["/usr/bin/podwall", "agent", "--help"]).output).toContain("Follows a Kubernetes API server");
    });

    it("has an nft and a conntrack that work with nothing but the image's own files", () => {
      const rules =
        "table inet t { chain c { type filter hook forward priority 0; meta l4proto { tcp, sctp } drop; }\n}\n";
      expect(inside(["/usr/sbin/nft", "-f", "/dev/stdin"], rules)).toEqual({ status: 0, output: "" });
      expect(inside(["/usr/sbin/nft", "list", "ruleset"])).toEqual({ status: 0, output: "" });
      expect(inside(["/usr/sbin/conntrack", "-L"]).output).toContain("0 flow entries");
    });

    it("has no shell, no package manager, and nothing that gives its user more rights", () => {
      const files = readdirSync(unpacked.files, { recursive: true, encoding: "utf8" });
      for (const name of ["sh", "bash", "dash", "busybox", "apt-get", "dpkg", "npm"])
        expect(files.filter((file) => file.endsWith(`/bin/${name}`) || file.endsWith(`/sbin/${name}`))).toEqual([]);
      const special = files.filter((file) => {
        const path = join(unpacked.files, file);
        return existsSync(path) && (statSync(path).mode & 0o6000) !== 0;
      });
      expect(special).toEqual([]);
      const programs = files.filter((file) => /^usr\/s?bin\//.test(file));
      expect(programs.toSorted()).toEqual(["usr/bin/node", "usr/bin/podwall", "usr/sbin/conntrack", "usr/sbin/nft"]);
    });

    it("says what it is made of, with a licence for each part", () => {
      const bill = JSON.parse(image.billOfMaterials) as { packages: { name: string; versionInfo: string }[] };
      const names = bill.packages.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(["nftables", "conntrack", "libc6", "js-yaml", "@stricli/core"]));
      const recorded = readdirSync(join(unpacked.files, "var/lib/dpkg/status.d"));
      expect(recorded.length).toBeGreaterThan(10);
      for (const name of recorded) {
        expect(names).toContain(name);
        expect([name, existsSync(join(unpacked.files, "usr/share/doc", name, "copyright"))]).toEqual([name, true]);
      }
      expect(existsSync(join(unpacked.files, "usr/share/doc/node/LICENSE"))).toBe(true);
    });

    it("stays small", () => {
      const compressed = image.layers.reduce((sum, { compressedBytes }) => sum + compressedBytes, 0);
      expect(compressed).toBeLessThan(60_000_000);
    });
  },
);
