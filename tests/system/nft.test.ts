import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nftProcess } from "../../packages/dataplane/src/index.ts";
import { describeNft } from "../../packages/dataplane/src/nft/nft-conformance.ts";

/** A network namespace that lives as long as a sleeping child. */
interface Room {
  readonly child: ChildProcess;
  /** Calls nft in it. */
  readonly nft: readonly string[];
}

const networkNamespace = (pid: number): string | undefined => {
  const link = spawnSync("readlink", [`/proc/${pid}/ns/net`], { encoding: "utf8" }).stdout.trim();
  return link === "" ? undefined : link;
};

async function openRoom(enter: readonly string[], nsenter: readonly string[]): Promise<Room> {
  const [program = "", ...args] = [...enter, "sleep", "300"];
  const child = spawn(program, args, { stdio: "ignore" });
  const pid = child.pid as number;
  const outside = networkNamespace(process.pid);
  for (let i = 0; i < 200 && (networkNamespace(pid) === outside || readCommand(pid) !== "sleep"); i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  if (networkNamespace(pid) === outside) throw new Error("the namespace did not come up");
  return { child, nft: ["nsenter", "--target", String(pid), ...nsenter, "nft"] };
}

const readCommand = (pid: number): string => readFileSync(`/proc/${pid}/comm`, "utf8").trim();

async function closeRoom({ child }: Room): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

const asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
const isRoot = process.getuid?.() === 0;

describe.skipIf(!isRoot)("nft in a network namespace, as root", () => {
  let room: Room;
  let nft: ReturnType<typeof nftProcess>;
  beforeAll(async () => {
    room = await openRoom(["unshare", "--net"], ["--net"]);
    nft = nftProcess({ command: room.nft });
  });
  afterAll(async () => {
    await nft.close();
    await closeRoom(room);
  });

  describeNft("nft as root", async () => nft);

  it("takes a transaction of 20,000 elements", async () => {
    await nft.run([...exactSet, addIdentities(0, 20_000)]);
    expect(await nft.elements("exact")).toHaveLength(20_000);
  });

  it("answers 2,000 transactions, half of them refused, one after the other and all at once", async () => {
    await nft.run(exactSet);
    const attempt = (i: number): Promise<string> =>
      nft.run([i % 2 === 0 ? addIdentities(i, 1) : `delete element inet podwall exact { ${1e6 + i} . 6 . 80 }`]).then(
        () => "done",
        (error: { kind: string }) => error.kind,
      );
    const wanted = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? "done" : "not-found"));
    const inTurn: string[] = [];
    for (let i = 0; i < 1000; i++) inTurn.push(await attempt(i));
    expect(inTurn).toEqual(wanted);
    expect(await Promise.all(Array.from({ length: 1000 }, (_, i) => attempt(1000 + i)))).toEqual(wanted);
    expect(await nft.elements("exact")).toHaveLength(1000);
  });

  it("goes on after its process was killed, and after one that hung", async () => {
    await nft.run(exactSet);
    const [pid] = sessionPids();
    process.kill(pid as number, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 50));
    await nft.run([addIdentities(1, 1)]);
    const [second] = sessionPids();
    expect(second).not.toBe(pid);
    process.kill(second as number, "SIGSTOP");
    const impatient = nftProcess({ command: room.nft, timeoutMs: 300 });
    await impatient.run([addIdentities(2, 1)]);
    const [third] = sessionPids().filter((one) => one !== second);
    process.kill(third as number, "SIGSTOP");
    await expect(impatient.run([addIdentities(3, 1)])).rejects.toMatchObject({
      kind: "other",
      message: /no answer within 300 ms/,
    });
    await impatient.run([addIdentities(4, 1)]);
    process.kill(second as number, "SIGCONT");
    await impatient.close();
    await nft.run([addIdentities(5, 1)]);
    expect(sessionPids()).toEqual([second]);
    expect((await nft.elements("exact")).map(({ key }) => key[0]).sort()).toEqual([1, 2, 4, 5]);
  });

  it("leaves nothing behind when it is closed or when its parent is killed", async () => {
    const another = nftProcess({ command: room.nft });
    const before = sessionPids();
    await another.run(exactSet);
    expect(sessionPids()).toHaveLength(before.length + 1);
    await another.close();
    expect(sessionPids()).toEqual(before);
    await expect(another.run(exactSet)).rejects.toMatchObject({ kind: "unavailable" });

    const source = `import { nftProcess } from "./packages/dataplane/src/nft/nft-process.ts";
      await nftProcess({ command: ${JSON.stringify(room.nft)} }).run(["add table inet podwall"]);
      process.stdout.write("ready");
      setInterval(() => {}, 1000);`;
    // By standard input: the bundle is longer than one argument may be.
    const parent = spawn(process.execPath, ["--input-type=module", "-"], { stdio: ["pipe", "pipe", "inherit"] });
    parent.stdin.end(await bundled(source));
    await once(parent.stdout, "data");
    const children = sessionPids().filter((pid) => !before.includes(pid));
    expect(children).toHaveLength(1);
    parent.kill("SIGKILL");
    await once(parent, "exit");
    for (let i = 0; i < 200 && sessionPids().length > before.length; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(sessionPids()).toEqual(before);
  });

  it("lists interface names of any characters", async () => {
    const names = ["päw1", "a\\", "a'b", "pw;1", "%s", "a*b"];
    await nft.run([
      ...freshTable,
      "add set inet podwall links { typeof iifname; }",
      ...names.map((name) => `add element inet podwall links { "${name}" }`),
    ]);
    expect((await nft.elements("links")).map(({ key }) => key[0]).sort()).toEqual(names.sort());
  });

  /** The processes `nft -i` in the room. */
  function sessionPids(): number[] {
    const inside = networkNamespace(room.child.pid as number);
    const { stdout } = spawnSync("pgrep", ["-x", "nft"], { encoding: "utf8" });
    return stdout
      .split("\n")
      .filter((line) => line !== "")
      .map(Number)
      .filter((pid) => networkNamespace(pid) === inside);
  }
});

describe.skipIf(!isRoot)("nft in a user namespace, as nobody", () => {
  let room: Room;
  let nft: ReturnType<typeof nftProcess>;
  beforeAll(async () => {
    room = await openRoom([...asNobody, "unshare", "--user", "--map-root-user", "--net"], ["--user", "--net"]);
    nft = nftProcess({ command: room.nft });
  });
  afterAll(async () => {
    await nft.close();
    await closeRoom(room);
  });

  describeNft("nft as nobody", async () => nft);

  it("says that a transaction is too long for the socket buffer, and goes on", async () => {
    await nft.run(exactSet);
    await expect(nft.run([addIdentities(0, 20_000)])).rejects.toMatchObject({ kind: "too-long" });
    expect(await nft.elements("exact")).toEqual([]);
    await nft.run([addIdentities(0, 2_000)]);
    await nft.run([addIdentities(2_000, 1)]);
    expect(await nft.elements("exact")).toHaveLength(2_001);
  });
});

describe("where nft cannot work", () => {
  it("says that there is no such program", async () => {
    const nft = nftProcess({ command: ["no-such-program-as-nft"] });
    await expect(nft.run(["add table inet podwall"])).rejects.toMatchObject({ name: "NftError", kind: "unavailable" });
    await expect(nft.objects()).rejects.toMatchObject({ name: "NftError", kind: "unavailable" });
    await nft.close();
  });

  it("says that there is no such namespace", async () => {
    const nft = nftProcess({ command: ["nsenter", "--net=/proc/0/ns/net", "nft"] });
    await expect(nft.run(["add table inet podwall"])).rejects.toMatchObject({
      kind: "unavailable",
      message: /nsenter/,
    });
    await nft.close();
  });

  it("says that an ordinary user may not", async () => {
    const nft = nftProcess({ command: isRoot ? [...asNobody, "nft"] : ["nft"] });
    await expect(nft.run(["add table inet podwall"])).rejects.toMatchObject({ kind: "permission" });
    await expect(nft.objects()).rejects.toMatchObject({ kind: "permission" });
    await nft.close();
  });
});

const freshTable = ["add table inet podwall", "delete table inet podwall", "add table inet podwall"];
const exactSet = [...freshTable, "add set inet podwall exact { typeof meta priority . meta l4proto . th dport; }"];

function addIdentities(from: number, count: number): string {
  return `add element inet podwall exact { ${Array.from({ length: count }, (_, i) => `${from + i} . 6 . 80`).join(", ")} }`;
}

/** TypeScript as one module that any Node runs. */
async function bundled(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL("../..", import.meta.url)), loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}
