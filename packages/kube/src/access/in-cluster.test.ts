import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FakeClock } from "../testing/fake-clock.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { inClusterAccess } from "./in-cluster.ts";

const env = { KUBERNETES_SERVICE_HOST: "10.96.0.1", KUBERNETES_SERVICE_PORT: "443" };
const ca = "-----BEGIN CERTIFICATE-----";

describe("access from within a pod", () => {
  it("is by the service account that the kubelet mounts", async () => {
    const folder = temporaryFolder({ token: "t\n", "ca.crt": ca, namespace: "podwall\n" });
    const access = await inClusterAccess({ env, folder });
    expect(access.server.href).toBe("https://10.96.0.1/");
    expect(access.namespace).toBe("podwall");
    expect(await access.credentials()).toEqual({ headers: { authorization: "Bearer t" }, tls: { ca } });
  });

  it("works where the cluster's addresses are IPv6", async () => {
    const folder = temporaryFolder({ token: "t", "ca.crt": ca });
    const access = await inClusterAccess({ env: { ...env, KUBERNETES_SERVICE_HOST: "fd00::1" }, folder });
    expect(access.server.href).toBe("https://[fd00::1]/");
    expect(access.namespace).toBe("default");
  });

  it("follows the token as the kubelet replaces it", async () => {
    const clock = new FakeClock();
    const folder = temporaryFolder({ token: "one", "ca.crt": ca });
    const access = await inClusterAccess({ env, folder, clock });
    writeFileSync(join(folder, "token"), "two");
    clock.pass(60_000);
    expect((await access.credentials()).headers).toEqual({ authorization: "Bearer two" });
  });

  it("says what is missing", async () => {
    const folder = temporaryFolder({ "ca.crt": ca });
    await expect(inClusterAccess({ env: {}, folder })).rejects.toThrow("this is not a pod");
    await expect(inClusterAccess({ env, folder })).rejects.toThrow(
      /token: cannot be read: .*; is automountServiceAccountToken false/,
    );
    const bad = { ...env, KUBERNETES_SERVICE_PORT: "many" };
    const whole = temporaryFolder({ token: "t", "ca.crt": ca });
    await expect(inClusterAccess({ env: bad, folder: whole })).rejects.toThrow(
      "KUBERNETES_SERVICE_PORT many make no address",
    );
  });
});
