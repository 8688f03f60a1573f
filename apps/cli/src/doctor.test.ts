import { readFileSync } from "node:fs";
import { doctorJson } from "@podwall/report";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { podwall } from "./testing/podwall.ts";

const schema = new URL("../../../docs/reference/output.schema.json", import.meta.url);

describe("podwall doctor", () => {
  it("says which credentials it lacks", async () => {
    const { code, stderr } = await podwall("doctor --kubeconfig /missing");
    expect([code, stderr]).toEqual([2, expect.stringContaining("/missing")]);
  });

  it("takes times with a unit", async () => {
    const { code, stderr } = await podwall("doctor --enforce-timeout 30");
    expect([code, stderr]).toEqual([2, expect.stringContaining("500ms, 30s or 5m")]);
  });

  it("prints JSON as the schema in the docs says", () => {
    const validate = new Ajv2020({ strict: true }).compile(JSON.parse(readFileSync(schema, "utf8")));
    const row = { id: "udp", title: "UDP", says: "a", seen: "b", verdict: "not", reference: "c" } as const;
    const about = { cluster: "kind", version: "v1.35.4", nodes: ["a"], ipFamily: "6", image: "agnhost" } as const;
    validate(JSON.parse(doctorJson({ ...about, rows: [row] })));
    expect(validate.errors ?? []).toEqual([]);
  });
});
