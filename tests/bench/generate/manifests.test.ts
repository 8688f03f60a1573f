import { createHash } from "node:crypto";
import { clusterFrom, readManifests } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { openPairs } from "../map/open-pairs.ts";
import { mapOf } from "../map/podwall-map.ts";
import type { BenchInput } from "./bench-input.ts";
import { generateCluster } from "./generate-cluster.ts";
import { manifestFiles } from "./manifests.ts";
import { type Mix, mixes } from "./mix.ts";
import { type Profile, profiles } from "./profile.ts";

const profileNamed = (name: string): Profile => profiles.find((profile) => profile.name === name) as Profile;
const mixNamed = (name: string): Mix => mixes.find((mix) => mix.name === name) as Mix;
const inputOf = (more: Partial<BenchInput> = {}): BenchInput => ({
  profile: profileNamed("100/50"),
  mix: mixNamed("standard"),
  form: "pods",
  dualStack: false,
  seed: "1",
  ...more,
});
const filesOf = (input: BenchInput) => manifestFiles(generateCluster(input), input);
const digest = (input: BenchInput): string =>
  createHash("sha256")
    .update(JSON.stringify(filesOf(input)))
    .digest("hex");
const read = (input: BenchInput) => readManifests(filesOf(input).map(({ path, text }) => ({ name: path, text })));

describe("the generated manifests", () => {
  it.each([
    [
      "1k/500 pods",
      inputOf({ profile: profileNamed("1k/500") }),
      "b566bb8aa8943095dd57f9915c44103a1a7c7593dc525ead6fe68020d48bff57",
    ],
    [
      "dual stack tiers",
      inputOf({ mix: mixNamed("tiers"), dualStack: true }),
      "35662c718cc97305214dce22aecc22ef1811a7ce172fe106ad7bc8a4be26d858",
    ],
    [
      "deployments",
      inputOf({ form: "deployments" }),
      "0d6c0dc1debdb087165977763430966aca26d913a0c6fae24edced3e5ee724e1",
    ],
  ])("of %s are the same bytes everywhere", (_, input, expected) => {
    expect(digest(input)).toBe(expected);
  });

  it("are others for another seed", () => {
    expect(digest(inputOf({ seed: "2" }))).not.toBe(digest(inputOf()));
  });

  it.each(profiles.slice(0, 3))("have the numbers of the profile $name", (profile) => {
    const { policies, pods, namespaces } = clusterFrom(read(inputOf({ profile })).objects);
    expect(policies.length).toBe(profile.policies);
    expect(pods.length).toBe(profile.pods);
    expect(namespaces.size).toBe(profile.namespaces + 1);
    const addresses = pods.map(({ addresses: own }) => JSON.stringify(own));
    expect(new Set(addresses).size).toBe(profile.pods);
  });

  it.each(mixes.flatMap((mix) => [false, true].map((dualStack) => ({ name: mix.name, mix, dualStack }))))(
    "of the mix $name (dual stack: $dualStack) are read without a word of complaint",
    ({ mix, dualStack }) => {
      const { diagnostics, objects } = read(inputOf({ mix, dualStack, profile: profileNamed("1k/500") }));
      expect(diagnostics).toEqual([]);
      expect(objects.length).toBeGreaterThan(1000);
    },
  );

  it("have links that are open, between namespaces", () => {
    const input = inputOf({ mix: mixNamed("app-to-app") });
    const map = mapOf(clusterFrom(read(input).objects));
    const across = [...openPairs(map.blocks())].filter(({ source, destination }) => {
      const from = source.namespace;
      const to = destination.namespace;
      return from !== to && to !== "kube-system";
    });
    expect(across.length).toBeGreaterThan(0);
  });
});
