import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

/** Runs in namespaces of its own, where all folders for temporary files are small, and tells what transactions came to. */
const program = `
  import { readFileSync, rmSync, writeFileSync } from "node:fs";
  import { nftProcess } from "./packages/dataplane/src/nft/nft-process.ts";
  const nft = nftProcess({ command: ["nft"] });
  const told = {};
  const attempt = async (name, ...commands) => {
    told[name] = await nft.run(commands).then(() => "done", (error) => error.kind + ": " + error.message);
  };
  const add = (from, count) =>
    "add element inet podwall s { " + Array.from({ length: count }, (_, i) => from + i + " . 6 . 80").join(", ") + " }";
  const folders = ["/dev/shm", "/tmp"];
  const fill = () => {
    for (const folder of folders) {
      for (let size = 65_536; size > 0; size >>= 1) {
        try {
          for (;;) writeFileSync(folder + "/filler", "x".repeat(size), { flag: "a" });
        } catch {}
      }
    }
  };
  const children = () => readFileSync("/proc/self/task/" + process.pid + "/children", "utf8").trim();
  const set = "add set inet podwall s { typeof meta priority . meta l4proto . th dport; }";
  await attempt("with room", "add table inet podwall", set, add(0, 1));
  const session = children();
  fill();
  await attempt("small, of a process that runs", add(1, 1));
  await attempt("large", add(100_000, 10_000));
  await attempt("refused", "delete element inet podwall s { 9 . 6 . 80 }", add(2, 1));
  await attempt("too large for a command line", add(200_000, 100_000));
  const another = nftProcess({ command: ["nft"] });
  await another.run([add(3, 1)]);
  await another.close();
  for (const folder of folders) rmSync(folder + "/filler");
  await attempt("with room again", add(4, 1));
  told["the same process"] = session !== "" && session === children();
  told.elements = (await nft.elements("s")).length;
  await nft.close();
  process.stdout.write(JSON.stringify(told));
`;

const enter = ["--net", "--mount", ...(process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"])];
const small = "mount -t tmpfs -o size=128k none /dev/shm && mount -t tmpfs -o size=128k none /tmp";

describe("where no folder has room for what nft is to read", () => {
  it("says it in the command line, and where that is too short says so; goes on as before when there is room", async () => {
    const { outputFiles } = await build({
      stdin: { contents: program, resolveDir: fileURLToPath(new URL("../..", import.meta.url)), loader: "ts" },
      bundle: true,
      platform: "node",
      format: "esm",
      write: false,
    });
    const { stdout, stderr } = spawnSync(
      "unshare",
      [...enter, "sh", "-c", `${small} && TMPDIR=/tmp exec "$0" --input-type=module -`, process.execPath],
      { input: outputFiles[0]?.text ?? "", encoding: "utf8", timeout: 60_000 },
    );
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual({
      "with room": "done",
      "small, of a process that runs": "done",
      large: "done",
      refused: expect.stringMatching(/^not-found: .*delete element inet podwall s \{ 9 \. 6 \. 80 \}/),
      "too large for a command line": expect.stringMatching(/^too-long: no folder has room for/),
      "with room again": "done",
      "the same process": true,
      elements: 1 + 1 + 10_000 + 1 + 1,
    });
  });
});
