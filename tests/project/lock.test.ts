import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Lock, entryFromName, missingFromLock } from "../../scripts/lib/lock.mjs";
import { isInstalled } from "../../scripts/lib/packages.mjs";

const lock = JSON.parse(readFileSync(join(import.meta.dirname, "../../package-lock.json"), "utf8")) as Lock;

describe("package-lock.json", () => {
  it("names the packages of every system, so that npm ci takes it (npm run lock adds them)", () => {
    expect(Object.keys(lock.packages).length).toBeGreaterThan(100);
    expect(missingFromLock(lock)).toEqual([]);
  });

  it("names no registry", () => {
    const addresses = Object.values(lock.packages).map(({ resolved }) => resolved ?? "");
    expect(addresses.filter((address) => address.includes("://"))).toEqual([]);
  });

  it("gets entries like npm's own for other systems' packages", () => {
    const packages = Object.entries(lock.packages)
      .filter(([path]) => /binding-(?!wasm32)|typescript-linux/.test(path))
      .map(([path, { version = "", cpu, os }]) => ({ name: path.replace("node_modules/", ""), version, cpu, os }));
    const made = packages.map(({ name, version }) => {
      const entry = entryFromName({ name, version, dev: true });
      return { name, version, cpu: entry?.cpu, os: entry?.os };
    });
    expect(packages.length).toBeGreaterThan(50);
    expect(made).toEqual(packages);
  });

  it("cannot make an entry for a package whose name does not say its system", () => {
    expect(entryFromName({ name: "fsevents", version: "2.3.3", dev: true })).toBeUndefined();
    expect(entryFromName({ name: "x-linux-x64", version: "^1.0.0", dev: true })).toBeUndefined();
  });
});

describe("whether the installed packages are what the lock says", () => {
  const wanted: Lock = {
    packages: {
      "": {},
      "packages/engine": {},
      "node_modules/@podwall/engine": { link: true, resolved: "packages/engine" },
      "node_modules/yaml": { version: "2.9.1" },
      "node_modules/fsevents": { version: "2.3.3", optional: true },
    },
  };
  const { "": _, "node_modules/fsevents": __, ...installed } = wanted.packages;

  it("needs every package but those of other systems", () => {
    expect(isInstalled(wanted, { packages: installed })).toBe(true);
    const { "node_modules/yaml": ___, ...incomplete } = installed;
    expect(isInstalled(wanted, { packages: incomplete })).toBe(false);
  });

  it("needs the same versions", () => {
    expect(isInstalled(wanted, { packages: { ...installed, "node_modules/yaml": { version: "2.9.0" } } })).toBe(false);
  });

  it("needs what was removed to be gone", () => {
    expect(isInstalled(wanted, { packages: { ...installed, "node_modules/left": { version: "1.0.0" } } })).toBe(false);
  });
});
