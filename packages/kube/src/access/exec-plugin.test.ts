import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FakeClock } from "../testing/fake-clock.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { kubeconfigAccess } from "./kubeconfig-access.ts";

/** A plugin, a shell script that counts its runs and prints what the file `answer` holds. */
const script = `#!/bin/sh
echo "$1 $COLOUR $KUBERNETES_EXEC_INFO" >> "$(dirname "$0")/runs"
cat "$(dirname "$0")/answer"
`;

interface ExecOptions {
  readonly text?: string;
  readonly exec?: Readonly<Record<string, unknown>>;
}

const credential = (status: Readonly<Record<string, unknown>>) =>
  JSON.stringify({ apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status });

async function start(answer: string, { text = script, exec = {} }: ExecOptions = {}) {
  const config = {
    clusters: [{ name: "c", cluster: { server: "https://c:1", "tls-server-name": "kube" } }],
    users: [
      {
        name: "u",
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1",
            command: "./plugin",
            args: ["login"],
            env: [{ name: "COLOUR", value: "blue" }],
            interactiveMode: "Never",
            ...exec,
          },
        },
      },
    ],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  };
  const folder = temporaryFolder({ config: JSON.stringify(config), plugin: text, answer, runs: "" });
  chmodSync(join(folder, "plugin"), 0o755);
  const clock = new FakeClock();
  const access = await kubeconfigAccess({
    env: { PATH: process.env["PATH"] },
    kubeconfig: join(folder, "config"),
    clock,
  });
  if (access === undefined) throw new Error("there is no access");
  return {
    access,
    clock,
    folder,
    answer: (next: string) => writeFileSync(join(folder, "answer"), next),
    runs: () => readFileSync(join(folder, "runs"), "utf8").split("\n").slice(0, -1),
  };
}

describe("an exec plugin", () => {
  it("is run once for all who wait, with its arguments and environment", async () => {
    const { access, runs } = await start(credential({ token: "t" }), { exec: { provideClusterInfo: true } });
    const [first, second] = await Promise.all([access.credentials(), access.credentials()]);
    expect(first.headers).toEqual({ authorization: "Bearer t" });
    expect(second).toBe(first);
    expect(runs()).toHaveLength(1);
    const [run = ""] = runs();
    expect(run.startsWith("login blue ")).toBe(true);
    expect(JSON.parse(run.slice("login blue ".length))).toEqual({
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      spec: { interactive: false, cluster: { server: "https://c:1", "tls-server-name": "kube" } },
    });
  });

  it("is run again when its credentials expire, or are refused", async () => {
    const expirationTimestamp = "2030-01-01T00:10:00Z";
    const { access, clock, runs, answer } = await start(credential({ token: "one", expirationTimestamp }));
    await access.credentials();
    clock.pass(599_000);
    const first = await access.credentials();
    expect(runs()).toHaveLength(1);
    answer(credential({ token: "two" }));
    clock.pass(1_000);
    const second = await access.credentials();
    expect(second.headers).toEqual({ authorization: "Bearer two" });
    access.refused(first);
    await access.credentials();
    expect(runs()).toHaveLength(2);
    access.refused(second);
    await access.credentials();
    expect(runs()).toHaveLength(3);
  });

  it("may give a certificate", async () => {
    const { access } = await start(credential({ clientCertificateData: "CERT", clientKeyData: "KEY" }));
    expect(await access.credentials()).toEqual({ headers: {}, tls: { cert: "CERT", key: "KEY", serverName: "kube" } });
  });

  it.each([
    ["not JSON", "did not print an ExecCredential as JSON"],
    ["{}", "printed apiVersion undefined, and the kubeconfig says client.authentication.k8s.io/v1"],
    [credential({}), "printed neither a token nor a certificate"],
    [credential({ token: 5 }), "printed a status.token that is no text"],
    [credential({ clientCertificateData: "CERT" }), "printed a certificate or a key without the other"],
    [credential({ token: "t", expirationTimestamp: "soon" }), "printed an expirationTimestamp that is no time: soon"],
  ])("is refused when it prints %j", async (answer, why) => {
    const { access, folder } = await start(answer);
    await expect(access.credentials()).rejects.toThrow(`${join(folder, "plugin")} ${why}`);
  });

  it("that fails is quoted, and tried again next time", async () => {
    const { access, folder } = await start("", { text: "#!/bin/sh\necho please log in >&2; exit 3\n" });
    await expect(access.credentials()).rejects.toThrow("plugin failed (exit code 3): please log in");
    writeFileSync(join(folder, "plugin"), script);
    writeFileSync(join(folder, "answer"), credential({ token: "t" }));
    expect((await access.credentials()).headers).toEqual({ authorization: "Bearer t" });
  });

  it("that prints without end is ended", async () => {
    const { access } = await start("", { text: "#!/bin/sh\nexec yes\n" });
    await expect(access.credentials()).rejects.toThrow("printed more than 1 MiB");
  });

  it("that is not there is named, with the kubeconfig's hint", async () => {
    const { access } = await start("", { exec: { command: "podwall-no-such-plugin", installHint: "Get it from us." } });
    await expect(access.credentials()).rejects.toThrow(
      /podwall-no-such-plugin cannot be run: .*ENOENT\. Get it from us\./,
    );
  });
});
