import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { watchedKinds } from "../../packages/agent/src/source/watched-kinds.ts";
import { podwallVersion } from "../../scripts/image/build-image.mjs";
import { helm } from "../../scripts/lib/helm.mjs";
import { fromRoot } from "../../scripts/lib/root.mjs";
import { manifestsFile, renderManifests } from "../../scripts/manifests/render-manifests.mjs";
import { type Manifest, at, helmLacking, manifestsIn, only, renderChart } from "./support/chart.ts";
import { KubeApi } from "./support/kube-api.ts";
import { buildTimeoutMs, kubeLacking, withKubernetes } from "./support/kube-binaries.ts";

const chart = fromRoot("charts/podwall");

/** Values that turn on what is off by default. */
const everything = [
  "endpoints.listen=node",
  "endpoints.tls.secretName=podwall-tls",
  "service.create=true",
  "apiServer.host=10.0.0.1",
  "agent.podCidrs={10.244.0.0/16}",
  "agent.podInterfacePrefix=veth",
  "agent.removeTaint=podwall.dev/not-ready",
  "imagePullSecrets[0].name=pull",
  "createNamespace=true",
];

describe.skipIf(helmLacking !== undefined)(
  helmLacking === undefined ? "the chart" : `the chart (skipped: ${helmLacking})`,
  () => {
    beforeAll(async () => {
      await helm(["version"]);
    }, buildTimeoutMs);

    it("has nothing that Helm complains of, by default and with everything on", async () => {
      expect(await helm(["lint", "--strict", chart])).toContain("0 chart(s) failed");
      const set = [...everything, "podMonitor.create=true", "prometheusRule.create=true"].flatMap((value) => [
        "--set",
        value,
      ]);
      expect(await helm(["lint", "--strict", chart, ...set])).toContain("0 chart(s) failed");
    });

    it("has podwall's own version", async () => {
      const text = readFileSync(fromRoot("charts/podwall/Chart.yaml"), "utf8");
      expect([at(manifestsIn(text)[0], "version"), at(manifestsIn(text)[0], "appVersion")]).toEqual([
        podwallVersion(),
        podwallVersion(),
      ]);
    });

    it("gives the agent one power and no more", async () => {
      const spec = at(only(await renderChart(), "DaemonSet"), "spec", "template", "spec");
      expect(at(spec, "containers", 0, "securityContext")).toEqual({
        privileged: false,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"], add: ["NET_ADMIN"] },
      });
      expect(at(spec, "securityContext", "seccompProfile", "type")).toBe("RuntimeDefault");
      expect(at(spec, "containers")).toHaveLength(1);
      expect([at(spec, "hostPID"), at(spec, "hostIPC"), at(spec, "initContainers")]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
      const paths = (at(spec, "volumes") as unknown[]).map((volume) => at(volume, "hostPath", "path")).filter(Boolean);
      expect(paths).toEqual(["/run/podwall"]);
    });

    it("lets the agent read what it watches and nothing else", async () => {
      const values = ["endpoints.listen=loopback"];
      const rules = at(only(await renderChart(values), "ClusterRole", "podwall"), "rules") as Rule[];
      const readable = rules.flatMap(({ apiGroups, resources }) =>
        apiGroups.flatMap((group) => resources.map((one) => `${group}/${one}`)),
      );
      const watched = watchedKinds.map(({ resource }) => `${resource.group}/${resource.plural}`);
      const definitions = "apiextensions.k8s.io/customresourcedefinitions";
      expect(readable.toSorted()).toEqual([...watched, definitions].toSorted());
      // Of definitions only those of kinds that a cluster may get later.
      const optional = watchedKinds.filter((kind) => kind.optional);
      expect(rules.flatMap(({ resourceNames = [] }) => resourceNames)).toEqual(
        optional.map(({ resource }) => `${resource.plural}.${resource.group}`),
      );
      const [rule] = rules.filter(({ resources }) => resources.includes("customresourcedefinitions"));
      expect(rule).toMatchObject({ resourceNames: expect.anything(), verbs: ["list", "watch"] });
      expect(new Set(rules.flatMap(({ verbs }) => verbs))).toEqual(new Set(["get", "list", "watch"]));
    });

    it("lets it ask whose a token is only where others reach its endpoints and are asked", async () => {
      const asks = async (...values: string[]) =>
        JSON.stringify(at(only(await renderChart(values), "ClusterRole", "podwall"), "rules")).includes("tokenreviews");
      expect(await asks("endpoints.listen=loopback")).toBe(false);
      expect(await asks("endpoints.listen=node")).toBe(true);
      expect(await asks("endpoints.listen=node", "endpoints.insecure=true")).toBe(false);
    });

    it("lets endpoints on the node's address speak HTTPS, with a Secret's certificate where one is named", async () => {
      const render = async (...values: string[]) => {
        const spec = at(only(await renderChart(values), "DaemonSet"), "spec", "template", "spec");
        const container = at(spec, "containers", 0);
        const probes = ["livenessProbe", "readinessProbe"].map((probe) => at(container, probe, "httpGet", "scheme"));
        return { spec, args: at(container, "args") as string[], mounts: at(container, "volumeMounts"), probes };
      };
      expect((await render()).probes).toEqual(["HTTPS", "HTTPS"]);
      for (const plain of ["endpoints.listen=loopback", "endpoints.insecure=true"])
        expect((await render(plain)).probes).toEqual([undefined, undefined]);
      const given = await render("endpoints.tls.secretName=podwall-tls", "endpoints.listen=loopback");
      expect(given.probes).toEqual(["HTTPS", "HTTPS"]);
      expect(given.args).toEqual(
        expect.arrayContaining([
          "--tls-cert-file=/etc/podwall/tls/tls.crt",
          "--tls-private-key-file=/etc/podwall/tls/tls.key",
        ]),
      );
      expect(given.mounts).toContainEqual({ name: "tls", mountPath: "/etc/podwall/tls", readOnly: true });
      const secret = { secretName: "podwall-tls", defaultMode: 0o400 };
      expect(at(given.spec, "volumes")).toContainEqual({ name: "tls", secret });
    });

    it("lets Prometheus scrape by HTTPS, and take no certificate for proof unless told whose it is", async () => {
      const endpoint = async (...values: string[]) =>
        at(
          only(await renderChart(["podMonitor.create=true", ...values]), "PodMonitor"),
          "spec",
          "podMetricsEndpoints",
          0,
        );
      expect(await endpoint()).toMatchObject({ scheme: "https", tlsConfig: { insecureSkipVerify: true } });
      const plain = await endpoint("endpoints.insecure=true");
      expect([at(plain, "scheme"), at(plain, "authorization")]).toEqual([undefined, undefined]);
      const known = ["podMonitor.tlsConfig.insecureSkipVerify=false", "podMonitor.tlsConfig.serverName=podwall-agents"];
      const tlsConfig = { insecureSkipVerify: false, serverName: "podwall-agents" };
      expect(await endpoint("endpoints.tls.secretName=podwall-tls", ...known)).toMatchObject({ tlsConfig });
    });

    it("has alerts for Prometheus, each by what agents measure and with what to do in the page for who is paged", async () => {
      expect((await renderChart()).filter(({ kind }) => kind === "PrometheusRule")).toEqual([]);
      const rule = only(
        await renderChart(["prometheusRule.create=true", "prometheusRule.labels.team=a"]),
        "PrometheusRule",
      );
      expect(at(rule, "metadata", "labels", "team")).toBe("a");
      const alerts = at(rule, "spec", "groups", 0, "rules") as readonly Alert[];
      expect(alerts.length).toBeGreaterThan(5);
      const page = readFileSync(fromRoot("docs/operating.md"), "utf8");
      for (const { alert, expr, annotations } of alerts) {
        expect(page, `the page on ${alert}`).toContain(`\`${alert}\``);
        const [metric = ""] = /podwall_[a-z_]+|\bup\b/.exec(expr) ?? [];
        expect(page, `the page on ${alert}`).toContain(metric === "up" ? "no answer" : `\`${metric}\``);
        expect(annotations.summary).not.toMatch(/`|\{\{(?! \$(?:labels\.[a-z]+|value) \}\})/);
      }
      expect(alerts.find(({ alert }) => alert === "PodwallSilent")?.expr).toBe('up{job="podwall-system/podwall"} == 0');
    });

    it("lets it change Nodes only where it is to take a taint off its own", async () => {
      const verbs = async (...values: string[]) => {
        const rules = at(only(await renderChart(values), "ClusterRole", "podwall"), "rules") as Rule[];
        return rules.find(({ resources }) => resources.includes("nodes"))?.verbs;
      };
      expect(await verbs()).toEqual(["get", "list", "watch"]);
      expect(await verbs("agent.removeTaint=podwall.dev/not-ready")).toEqual(["get", "list", "watch", "patch"]);
    });

    it("writes the agent's options from its values", async () => {
      const args = async (...values: string[]) =>
        at(
          only(await renderChart(values), "DaemonSet"),
          "spec",
          "template",
          "spec",
          "containers",
          0,
          "args",
        ) as string[];
      expect(await args("endpoints.listen=loopback")).toEqual([
        "agent",
        "--log-format=json",
        "--deny=drop",
        "--listen=127.0.0.1:9464",
      ]);
      const set = [
        "endpoints.listen=node",
        "endpoints.ipFamily=6",
        "agent.podCidrs={10.1.0.0/16,fd00::/64}",
        "agent.deny=reject",
        "agent.removeTaint=podwall.dev/not-ready",
        "agent.ignoreBypass={ipvs}",
      ];
      expect(await args(...set)).toEqual([
        "agent",
        "--log-format=json",
        "--deny=reject",
        "--listen=[$(HOST_IP)]:9464",
        "--cluster-pod-cidr=10.1.0.0/16",
        "--cluster-pod-cidr=fd00::/64",
        "--remove-taint=podwall.dev/not-ready",
        "--ignore-bypass=ipvs",
      ]);
    });

    it.each([
      "agent.deny=maybe",
      "agent.podCidrs={ten}",
      "endpoints.port=70000",
      "endpoints.tls.secretName=A_b",
      "imagee.tag=1",
      "agent.podInterfacePrefix=a b",
    ])("refuses the value %s", async (value) => {
      await expect(renderChart([value])).rejects.toThrow(/schema/);
    });

    it("takes the digest of an image where it has one", async () => {
      const digest = `sha256:${"0".repeat(64)}`;
      const daemonSet = only(await renderChart([`image.digest=${digest}`]), "DaemonSet");
      expect(at(daemonSet, "spec", "template", "spec", "containers", 0, "image")).toBe(`podwall.dev/podwall@${digest}`);
    });

    it("gives releases of other names objects of other names", async () => {
      const names = (await renderChart([], "second")).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      expect(names.filter((name) => !name.includes("second-podwall"))).toEqual([]);
    });

    it("is what the plain manifests were made from", async () => {
      expect(readFileSync(fromRoot(manifestsFile), "utf8"), "run npm run manifests").toBe(await renderManifests());
    });

    describe.skipIf(kubeLacking !== undefined)(withKubernetes("given to a real API server, strictly"), () => {
      let api: KubeApi;
      beforeAll(async () => {
        api = await KubeApi.start({ apiFlags: ["--enable-admission-plugins=PodSecurity"] });
      }, buildTimeoutMs);
      afterAll(() => api?.stop());

      it("is taken without a warning, by default and with everything on", async () => {
        await applyAll(api, await renderChart(["createNamespace=true"]));
        await applyAll(api, await renderChart(everything));
      });

      it("is taken as plain manifests, whose namespace takes the agent's pods", async () => {
        const manifests = manifestsIn(readFileSync(fromRoot(manifestsFile), "utf8"));
        await applyAll(api, manifests);
        const pod = at(only(manifests, "DaemonSet"), "spec", "template") as object;
        const made = { apiVersion: "v1", kind: "Pod", ...pod, metadata: { name: "one" } };
        await expect(create(api, "/api/v1/namespaces/podwall-system/pods", made)).resolves.toMatchObject({
          kind: "Pod",
        });
        await create(api, "/api/v1/namespaces", {
          metadata: { name: "strict", labels: { "pod-security.kubernetes.io/enforce": "baseline" } },
        });
        await expect(create(api, "/api/v1/namespaces/strict/pods", made)).rejects.toThrow(/violates PodSecurity/);
      });
    });
  },
);

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string };
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** Where the API has the kinds of the chart. */
const plurals: Readonly<Record<string, string>> = {
  Namespace: "namespaces",
  ServiceAccount: "serviceaccounts",
  Service: "services",
  Secret: "secrets",
  ClusterRole: "clusterroles",
  ClusterRoleBinding: "clusterrolebindings",
  DaemonSet: "daemonsets",
};

/** Server-side apply that refuses unknown and repeated fields. */
async function applyAll(api: KubeApi, manifests: readonly Manifest[]): Promise<void> {
  expect(manifests.length).toBeGreaterThan(0);
  for (const manifest of manifests) {
    const { apiVersion, kind, metadata } = manifest;
    const [version = "", group] = apiVersion.split("/").toReversed();
    const base = group === undefined ? `/api/${version}` : `/apis/${group}/${version}`;
    const namespace = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
    const applied = await api.admin.call({
      method: "PATCH",
      path: `${base}${namespace}/${plurals[kind]}/${metadata.name}`,
      query: { fieldManager: "chart-test", fieldValidation: "Strict" },
      contentType: "application/apply-patch+yaml",
      body: manifest,
    });
    expect(at(applied, "metadata", "name")).toBe(metadata.name);
  }
}

function create(api: KubeApi, path: string, body: unknown): Promise<unknown> {
  return api.admin.call({ method: "POST", path, query: { fieldValidation: "Strict" }, body });
}
