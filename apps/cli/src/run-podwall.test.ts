import { describe, expect, it } from "vitest";
import { podwall } from "./testing/podwall.ts";

const good = "{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: a}}\n---\n{apiVersion: v1, kind: ConfigMap}\n";
const bad =
  "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec: {ingress: [{ports: [{protocol: tcp}]}]}\n";

describe("podwall check", () => {
  it("says what it read, and what kinds it has no use for", async () => {
    const { code, stdout, stderr } = await podwall("check -", good);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe("ok: 1 file, 1 object (1 Pod); kinds podwall does not use: 1 ConfigMap\n");
  });

  it("passes over assertions, which are no object of a cluster", async () => {
    const assertions = "{apiVersion: podwall.dev/v1, kind: Assertions, assertions: []}\n";
    expect((await podwall("check -", `${good}---\n${assertions}`)).stdout).not.toContain("Assertions");
    expect(await podwall("check -", assertions)).toEqual({ code: 0, stdout: "ok: 1 file, 0 objects\n", stderr: "" });
  });

  it("shows errors and ends with 1", async () => {
    const { code, stdout, stderr } = await podwall("check -f -", bad);
    expect(code).toBe(1);
    expect(stderr).toContain("<stdin>:4:38: error PW2004: ");
    expect(stdout).toMatch(/^1 error: /);
  });

  it("is one document in JSON, errors or not", async () => {
    const { code, stdout, stderr } = await podwall("check - --format json", bad);
    expect([code, stderr]).toEqual([1, ""]);
    expect(JSON.parse(stdout)).toMatchObject({
      apiVersion: "podwall.dev/v1",
      kind: "CheckResult",
      ok: false,
      diagnostics: [{ code: "PW2004", severity: "error", place: { file: "<stdin>", line: 4, column: 38 } }],
      coverage: { files: 1, objects: 1, ignored: {} },
    });
  });

  it("takes files and folders with and without -f", async () => {
    const { code, stdout } = await podwall("check -f examples/deny-all examples/another-namespace");
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^ok: 4 files, /)]);
  });
});

describe("podwall explain", () => {
  const orTrap = "explain -f examples/or-trap";

  it.each([
    ["team-a/website vault/vault:8200", 0, "allowed"],
    ["team-a/deployment/website vault/deploy/vault:8200/TCP", 0, "allowed"],
    ["website deployment/vault:8200/tcp", 0, "allowed"],
    ["website-1 vault-1:8200", 0, "allowed"],
    ["team-b/console vault:8200", 1, "denied"],
    ["team-a/website vault:8200/udp", 1, "denied"],
    ["192.0.2.10 vault:8200", 1, "denied"],
    ["2001:db8::1 vault:8200", 1, "denied"],
    ["vault [2001:db8::1]:443", 0, "allowed"],
    ["vault 192.0.2.10:443", 0, "allowed"],
    ["team-a/website vault", 0, "TCP 8200"],
    ["team-b/console vault", 1, "nothing is allowed"],
    ["vault 2001:db8::1", 0, "all"],
  ])("%s ends with %i: %s", async (ends, code, answer) => {
    const outcome = await podwall(`${orTrap} ${ends}`);
    expect(outcome.stdout.split("\n")[0]).toMatch(new RegExp(`: ${answer}$`));
    expect([outcome.code, outcome.stderr]).toEqual([code, ""]);
  });

  it.each([
    ["console vault:8200", "say which: team-a/console, team-b/console"],
    ["team-a/webiste vault:8200", "did you mean team-a/website?"],
    ["team-a/website vault:0", "is not a port"],
    ["team-a/website vault:http", "is not a port"],
    ["team-a/website vault:80/icmp", "is not a protocol"],
    ["team-a/website vault:80:90", "is not NAME"],
    ["team-a/website :80", "is not NAME"],
    ["2001:db8::zz vault:8200", "no pod or workload"],
    ["2001:db8::1 192.0.2.1:80", "no address family in common"],
  ])("%s ends with 2 and says why", async (ends, why) => {
    const outcome = await podwall(`${orTrap} ${ends}`);
    expect([outcome.code, outcome.stdout]).toEqual([2, ""]);
    expect(outcome.stderr).toContain(why);
  });

  it("takes the pod in default where a name is in several namespaces", async () => {
    const pods = ["a", "default", "b"].map(
      (ns) => `{apiVersion: v1, kind: Pod, metadata: {namespace: ${ns}, name: web}}`,
    );
    const { stdout } = await podwall("explain -f - web 192.0.2.1:80", pods.join("\n---\n"));
    expect(stdout).toContain("default/web -> 192.0.2.1 TCP 80");
  });

  it("finds the pod that has an address, and uses addresses of one family", async () => {
    const pods = `{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: a}, status: {podIPs: [{ip: 10.0.0.1}, {ip: "fd00::1"}]}}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: b}, status: {podIPs: [{ip: "fd00::2"}]}}`;
    const byAddress = await podwall("explain -f - 10.0.0.1 192.0.2.1:80", pods);
    expect(byAddress.stdout).toContain("x/a -> 192.0.2.1");
    const mixed = await podwall("explain -f - a b:80 --format json", pods);
    expect(JSON.parse(mixed.stdout)).toMatchObject({
      source: { address: "fd00::1" },
      destination: { address: "fd00::2" },
    });
  });

  it("still answers when the input has errors, and shows them", async () => {
    const { code, stdout, stderr } = await podwall("explain -f tests/cases/empty-peer-closes x/b x/a:80");
    expect(code).toBe(1);
    expect(stderr).toContain("error PW2008");
    expect(stdout).toContain("it cannot be used and closes its pods");
  });
});

describe("podwall map", () => {
  it("prints the map and ends with 0", async () => {
    const { code, stdout } = await podwall("map -f examples/redis-only");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^jobs\/worker +-> jobs\/redis +TCP 6379$/m);
  });

  it("is one document in JSON", async () => {
    const { stdout } = await podwall("map -f examples/redis-only --format json");
    expect(JSON.parse(stdout)).toMatchObject({ apiVersion: "podwall.dev/v1", kind: "ConnectionMap" });
  });
});

describe("bad usage", () => {
  it.each([
    "nonsense",
    "explain",
    "explain -f examples/or-trap one",
    "explain -f examples/or-trap one two three",
    "check --format xml -",
    "check --unheard-of -",
    "check",
    "map",
    "map examples/or-trap",
    "map -f ",
    "check ",
    "check -",
    "check no/such/folder",
    "lab --nodes 0 --once",
    "lab --replicas many --once",
    "lab exec",
    "lab exec web",
  ])("of the kind `podwall %s` ends with 2 and is said on stderr", async (line) => {
    const { code, stdout, stderr } = await podwall(line);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).not.toBe("");
  });

  it.each([
    ["check --format xml -", '--format: "xml" is not one of text, json, sarif, junit, github, markdown'],
    ["check --fail-on none -", '--fail-on: "none" is not one of error, warning, info, never'],
    ["lab --nodes 0 --once", '--nodes: "0" is not a whole number from 1 to 10'],
    ["completion csh", "SHELL: csh is not one of"],
  ])("of an option's value names the option: podwall %s", async (line, said) => {
    expect((await podwall(line)).stderr).toContain(said);
  });
});

describe("help", () => {
  it("is also a word before the command", async () => {
    expect(await podwall("help lab exec")).toEqual(await podwall("lab exec --help"));
    expect(await podwall("help")).toEqual(await podwall("--help"));
  });

  it.each(["check", "explain", "map", "diff", "test", "lab", "lab run", "lab exec"])(
    "of podwall %s has examples",
    async (command) => {
      const { code, stdout } = await podwall(`${command} --help`);
      expect(code).toBe(0);
      expect(stdout).toMatch(/Examples:\n +podwall /);
    },
  );
});
