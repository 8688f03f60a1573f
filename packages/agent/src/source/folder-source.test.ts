import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FolderSource } from "./folder-source.ts";

const policy = (name: string): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress] }
`;
const namespace = (label: string): string => `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { team: ${label} } }
`;
/** Longer than what the parser that goes on after an error is asked to read. */
const padding = `# ${"x".repeat(98)}\n`.repeat(11_000);

let folder: string;
const troubles: (string | undefined)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "podwall-folder-"));
  troubles.length = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A source, and a way to have it look at its files once. */
function source(): { readonly it: FolderSource; readonly look: () => Promise<void> } {
  const stop = { now: new AbortController() };
  const it = new FolderSource({
    paths: [folder],
    context: { cwd: folder, readStdin: async () => "" },
    clock: {
      now: () => 0,
      wallTime: () => 0,
      random: () => 0,
      timer: (_afterMs, ring) => {
        stop.now.abort();
        queueMicrotask(ring);
        return () => undefined;
      },
    },
  });
  const listener = {
    onChange: () => undefined,
    onTrouble: ({ message }: { readonly message: string | undefined }) => void troubles.push(message),
  };
  const look = async (): Promise<void> => {
    stop.now = new AbortController();
    await it.follow(listener, stop.now.signal);
  };
  return { it, look };
}

const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
const names = ({ it }: ReturnType<typeof source>): readonly string[] | undefined =>
  it.snapshot()?.cluster.policies.map(({ name }) => name);

describe("a folder of manifests", () => {
  it("keeps all that was known while a policy may be in what is no YAML", async () => {
    const followed = source();
    await write("a.yaml", policy("a"));
    await write("b.yaml", policy("b"));
    await followed.look();
    expect(names(followed)).toEqual(["a", "b"]);
    for (const broken of [
      `${padding}${policy("a")}  ]: {\n`,
      `apiVersion: v1\nkind: List\nitems:\n- {}\n- ]: {\n${policy("a")}`,
      `${"]\n---\n".repeat(1_001)}${policy("a")}`,
    ]) {
      await write("a.yaml", broken);
      await followed.look();
      expect(names(followed)).toEqual(["a", "b"]);
      expect(followed.it.progress().get("manifests")?.objects).toBe(2);
    }
    expect(troubles).toContain("a part of the manifests cannot be read: what was known before stays as it was");
    await write("a.yaml", policy("c"));
    await followed.look();
    expect(names(followed)).toEqual(["c", "b"]);
    expect(troubles.at(-1)).toBeUndefined();
  });

  it("knows nothing yet where a policy may be in what is no YAML at its start", async () => {
    const followed = source();
    await write("a.yaml", `${padding}${policy("a")}  ]: {\n`);
    await write("b.yaml", policy("b"));
    await followed.look();
    expect(followed.it.snapshot()).toBeUndefined();
  });

  it("goes on where nothing that is judged by is lost", async () => {
    const followed = source();
    await write("a.yaml", policy("a"));
    await write("b.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x\n");
    await write("c.yaml", policy("c").replace("{}", "{"));
    await followed.look();
    expect(names(followed)).toEqual(["a", "c"]);
    expect(followed.it.snapshot()?.cluster.policies[1]?.closedBecause).toBeDefined();
  });

  it("keeps the labels of a namespace that cannot be read any more: a denial may be about them", async () => {
    const followed = source();
    await write("a.yaml", namespace("dev"));
    await followed.look();
    for (const broken of [namespace("[dev"), namespace("y")]) {
      await write("a.yaml", broken);
      await followed.look();
      expect(followed.it.snapshot()?.cluster.namespaces.get("shop")?.labels.get("team")).toBe("dev");
    }
  });

  it("goes on as soon as a file that could not be read is gone, though the others are as they were", async () => {
    const followed = source();
    await write("a.yaml", policy("a"));
    await writeFile(join(folder, "b.yaml"), Buffer.from([0xff, 0xfe, 0x00]));
    await followed.look();
    expect(followed.it.snapshot()).toBeUndefined();
    await rm(join(folder, "b.yaml"));
    await followed.look();
    expect(names(followed)).toEqual(["a"]);
  });
});
