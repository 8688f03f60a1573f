import { describe, expect, it } from "vitest";
import { podwall } from "../testing/podwall.ts";

const orTrap = "explain -f examples/or-trap --new-pod";

describe("podwall explain --new-pod", () => {
  it("with any labels says which policies could select it, and what depends on its labels", async () => {
    const { code, stdout } = await podwall(`${orTrap} -n vault`);
    expect(code).toBe(0);
    expect(stdout).toContain(
      "  vault/vault selects it with app=vault, for ingress (examples/or-trap/policy.yaml:2:1)\n",
    );
    expect(stdout).toContain("may reach:\n  vault/vault     TCP 8200 with labels such as role=admin\n");
    expect(stdout).toContain(
      "may be reached by:\n  vault/vault     all without labels\n  vault/backup    TCP 8200 always, all without labels\n",
    );
  });

  it("is of every namespace where none is named", async () => {
    const { stdout } = await podwall(`${orTrap} --format json`);
    const { namespaces } = JSON.parse(stdout) as { namespaces: { namespace: string }[] };
    expect(namespaces.map(({ namespace }) => namespace)).toEqual(["vault", "team-a", "team-b"]);
  });

  it("says where nothing of the input is in the namespace", async () => {
    const says = /^namespace vualt is not in the input; did you mean vault\?\n/;
    expect((await podwall(`${orTrap} -n vualt`)).stdout).toMatch(says);
    expect((await podwall(`${orTrap} -n vualt --labels app=vault`)).stdout).toMatch(says);
  });

  it("with labels is one pod, which may also be an end", async () => {
    const alone = await podwall(`${orTrap} -n vault --labels app=vault`);
    expect(alone.stdout).toMatch(
      /^isolated for ingress by vault\/vault\nnot isolated for egress\nvault\/new-pod may reach\n/,
    );
    const admin = await podwall(`${orTrap} -n vault --labels role=admin new-pod vault/vault:8200`);
    expect([admin.code, admin.stdout.split("\n")[0]]).toEqual([0, "vault/new-pod -> vault/vault-1 TCP 8200: allowed"]);
    expect((await podwall(`${orTrap} -n vault --labels role=guest new-pod vault/vault:8200`)).code).toBe(1);
  });

  it.each([
    ["--new-pod --labels nonsense", '"nonsense" in --labels is not KEY=VALUE'],
    ["--new-pod new-pod vault/vault", "say which --labels it has"],
    ["--labels a=b vault/vault vault/backup", "--labels are those of --new-pod"],
  ])("says what is wrong with %s", async (args, problem) => {
    const { code, stderr } = await podwall(`explain -f examples/or-trap ${args}`);
    expect([code, stderr]).toEqual([2, expect.stringContaining(problem)]);
  });
});
