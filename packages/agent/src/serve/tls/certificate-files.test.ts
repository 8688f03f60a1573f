import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { patience } from "../../patience.ts";
import type { Certificate } from "./certificate.ts";
import { followCertificate, readCertificate } from "./certificate-files.ts";
import { selfSigned } from "./self-signed.ts";

const make = (): Certificate => selfSigned({ name: "node-1", now: Date.UTC(2026, 0) });

function filesOf({ cert, key }: Certificate) {
  const folder = mkdtempSync(join(tmpdir(), "podwall-tls-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const files = { certFile: join(folder, "tls.crt"), keyFile: join(folder, "tls.key") };
  const write = (next: Certificate): void => {
    writeFileSync(files.certFile, next.cert);
    writeFileSync(files.keyFile, next.key);
  };
  write({ cert, key });
  return { files, write };
}

describe("a certificate in files", () => {
  it("is read with its key, and refused by the name of the file that is no good", async () => {
    const [one, other] = [make(), make()];
    const { files, write } = filesOf(one);
    expect(await readCertificate(files)).toEqual(one);
    const refused = async (next: Certificate): Promise<string> => {
      write(next);
      return readCertificate(files).then(
        () => "",
        (error: Error) => error.message,
      );
    };
    expect(await refused({ cert: one.cert, key: other.key })).toBe(
      `${files.keyFile} is not the key of the first certificate in ${files.certFile}`,
    );
    expect(await refused({ cert: "", key: one.key })).toContain(`${files.certFile} holds no certificate in PEM`);
    expect(await refused({ cert: one.key, key: one.key })).toContain(`${files.certFile} holds no certificate`);
    expect(await refused({ cert: one.cert, key: "-----BEGIN" })).toContain(`${files.keyFile} holds no private key`);
    await expect(readCertificate({ ...files, keyFile: "/missing" })).rejects.toThrow("/missing cannot be read");
    // A chain: the server's own comes first.
    expect(await refused({ cert: one.cert + other.cert, key: one.key })).toBe("");
    expect(await refused({ cert: other.cert + one.cert, key: one.key })).toContain("is not the key");
  });

  it("is read again when it changes, and stays while what is there is no good", async () => {
    const [one, other] = [make(), make()];
    const { files, write } = filesOf(one);
    const stop = new AbortController();
    const said: string[] = [];
    const taken: Certificate[] = [];
    let look = (): void => undefined;
    const ended = followCertificate(
      {
        files,
        first: one,
        onNew: (next) => void taken.push(next),
        clock: {
          now: () => 0,
          wallTime: () => 0,
          random: () => 0,
          timer: (_delayMs, run) => {
            look = run;
            return () => undefined;
          },
        },
        log: (_level, message) => void said.push(message),
      },
      stop.signal,
    );
    /** Resolves when that look is over, and the next one is due. */
    const lookOnce = async (): Promise<void> => {
      const due = look;
      due();
      await vi.waitFor(() => expect(look).not.toBe(due), patience);
    };
    await lookOnce();
    expect([taken, said]).toEqual([[], []]);
    write({ cert: other.cert, key: one.key });
    await lookOnce();
    expect(said).toEqual([]);
    await lookOnce();
    await lookOnce();
    expect(said).toEqual(["the new certificate is no good; the last one stays"]);
    write(other);
    await lookOnce();
    expect(taken).toEqual([other]);
    expect(said.at(-1)).toBe("serving with a new certificate");
    await lookOnce();
    expect(taken).toHaveLength(1);
    stop.abort();
    await ended;
  });
});
