import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readManifests } from "../../api/read-manifests.ts";
import { formatRange } from "../../source/source-file.ts";
import { findMistakes } from "./find-mistakes.ts";

const namespace = (name: string, labels = ""): string =>
  `{apiVersion: v1, kind: Namespace, metadata: {name: ${name}, labels: {${labels}}}}`;
const pod = (place: string, spec = "{}", labels = `app: ${place.split("/")[1]}`, annotations = ""): string =>
  `{apiVersion: v1, kind: Pod, metadata: {namespace: ${place.split("/")[0]}, name: ${place.split("/")[1]}, labels: {${labels}}, annotations: {${annotations}}}, spec: ${spec}}`;
const policy = (place: string, spec: string): string =>
  `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: ${place.split("/")[0]}, name: ${place.split("/")[1]}}, spec: {${spec}}}`;
const listening = (port: number, name = "main"): string =>
  `{containers: [{name: c, ports: [{name: ${name}, containerPort: ${port}}]}]}`;
const web = "podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]";
const fromPods = (selector: string): string =>
  `${web}, ingress: [{from: [{podSelector: {matchLabels: {${selector}}}}], ports: [{port: 8080}]}]`;

/** `CODE severity` of what is found. */
function found(...documents: readonly string[]): readonly string[] {
  return mistakesIn(documents).map(({ code, severity }) => `${code} ${severity}`);
}

function mistakesIn(documents: readonly string[]) {
  const { objects, diagnostics, ignored, others } = readManifests([
    { name: "a.yaml", text: documents.join("\n---\n") },
  ]);
  expect(diagnostics).toEqual([]);
  return findMistakes(objects, { ignored: ignored.keys(), others });
}

describe("selectors that match nothing", () => {
  const declared = [
    namespace("shop"),
    pod("shop/web"),
    pod("shop/frontend"),
    policy("shop/default-deny-ingress", "podSelector: {}, policyTypes: [Ingress]"),
  ];

  it("are silent where the input has no pods that could tell", () => {
    expect(found(policy("shop/web", fromPods("app: frontend")))).toEqual([]);
    expect(found(namespace("shop"), policy("shop/web", fromPods("app: frontend")))).toEqual([]);
  });

  it("are notes where the input may be a part, and warnings where it has the namespace", () => {
    expect(found(pod("shop/web"), policy("shop/web", fromPods("app: elsewhere")))).toEqual(["PW3008 info"]);
    expect(found(...declared, policy("shop/web", fromPods("app: elsewhere")))).toEqual(["PW3008 warning"]);
    expect(
      found(...declared, policy("shop/web", "podSelector: {matchLabels: {app: nobody}}, policyTypes: [Ingress]")),
    ).toContain("PW3007 warning");
  });

  it("are silent where controllers that are not known may make pods", () => {
    const prometheus = "{apiVersion: monitoring.coreos.com/v1, kind: Prometheus, metadata: {name: main}}";
    expect(found(...declared, prometheus, policy("shop/web", fromPods("app: elsewhere")))).toEqual([]);
    expect(found(...declared, prometheus, policy("shop/web", fromPods("app: frontent")))).toEqual(["PW3008 warning"]);
  });

  it("name what they nearly match", () => {
    const [finding] = mistakesIn([...declared, policy("shop/web", fromPods("app: frontent"))]);
    expect(finding?.help).toBe("pod shop/frontend has app=frontend; write `app: frontend`");
    expect(finding?.related?.map(({ range }) => formatRange(range))).toEqual(["a.yaml:5:1"]);
  });

  it("do not take numbered or lettered names for slips", () => {
    const teams = [
      namespace("team-b"),
      policy(
        "shop/web",
        `${web}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: team-a}}}], ports: [{port: 80}]}]`,
      ),
    ];
    expect(found(...teams)).toEqual([]);
    expect(
      found(
        pod("shop/web"),
        pod("shop/cache1"),
        policy("shop/deny", "podSelector: {}, policyTypes: [Ingress]"),
        policy("shop/web", fromPods("app: cache2")),
      ),
    ).toEqual(["PW3008 info"]);
  });

  it("say that a peer is in another namespace, or in the host's network", () => {
    const prometheus = pod("monitoring/prometheus");
    const [elsewhere] = mistakesIn([pod("shop/web"), prometheus, policy("shop/web", fromPods("app: prometheus"))]);
    expect(elsewhere?.help).toContain(
      "add `namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}`",
    );
    const onHost = pod("shop/proxy", "{hostNetwork: true}");
    expect(found(pod("shop/web"), onHost, policy("shop/web", fromPods("app: proxy")))).toEqual(["PW3008 warning"]);
  });

  it("count a workload that is scaled to zero", () => {
    const scaled =
      "{apiVersion: apps/v1, kind: Deployment, metadata: {namespace: shop, name: web}, spec: {replicas: 0, template: {metadata: {labels: {app: web}}}}}";
    expect(found(namespace("shop"), scaled, policy("shop/web", `${web}`))).toEqual([]);
  });
});

describe("two peers in a list", () => {
  const rule = (items: string): string =>
    policy("shop/web", `${web}, ingress: [{from: [${items}], ports: [{port: 8080}]}]`);
  const monitoring = "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}";
  const frontend = "{podSelector: {matchLabels: {app: frontend}}}";

  it("are no trap where each selects pods of its own", () => {
    expect(
      found(
        pod("shop/web"),
        pod("shop/frontend"),
        pod("monitoring/prometheus"),
        policy("shop/deny", "podSelector: {}, policyTypes: [Ingress]"),
        rule(`${monitoring}, ${frontend}`),
      ),
    ).toEqual([]);
  });

  it("are a note where the input cannot tell", () => {
    expect(found(rule(`${monitoring}, ${frontend}`))).toEqual(["PW3001 info"]);
  });

  it("are no trap beside a third, as in the documentation's example", () => {
    expect(found(rule(`{ipBlock: {cidr: 172.17.0.0/16}}, ${monitoring}, ${frontend}`))).toEqual([]);
  });
});

describe("DNS", () => {
  const egress = (rules: string): string =>
    policy("shop/web", `podSelector: {}, policyTypes: [Egress], egress: [${rules}]`);
  const db = "{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 5432}]}";

  it("is not missed by who may send nothing, or to single addresses only", () => {
    expect(found(egress(""))).toEqual([]);
    expect(found(egress("{to: [{ipBlock: {cidr: 192.0.2.7/32}}], ports: [{port: 443}]}"))).toEqual([]);
  });

  it("may be allowed by another policy", () => {
    const dns = policy(
      "shop/dns",
      "podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}, {port: 53}]}]",
    );
    expect(found(egress(db))).toEqual(["PW3002 warning"]);
    expect(found(egress(db), dns)).toEqual([]);
  });

  it("over UDP alone is a note", () => {
    expect(found(egress(`${db}, {ports: [{port: 53, protocol: UDP}]}`))).toEqual(["PW3002 info"]);
  });

  it("is asked of the input's own server, at the port it listens on", () => {
    const server = pod(
      "kube-system/coredns",
      "{containers: [{name: c, ports: [{name: dns, containerPort: 5353, protocol: UDP}, {name: dns-tcp, containerPort: 5353}]}]}",
      "k8s-app: kube-dns",
    );
    const to = (label: string, port: number): string =>
      egress(
        `${db}, {to: [{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: ${label}}}}], ports: [{port: ${port}, protocol: UDP}, {port: ${port}}]}`,
      );
    expect(found(server, to("kube-dns", 5353))).toEqual([]);
    expect(found(server, to("other-dns", 53))).toContain("PW3002 warning");
  });
});

describe("policies of a network plugin", () => {
  it("may allow what is not allowed here, so nothing is said to be cut off", () => {
    const own = policy(
      "shop/web",
      "podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}], ports: [{port: 80}]}]",
    );
    const cilium = "{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: dns}}";
    expect(found(own)).toEqual(["PW3002 warning"]);
    expect(found(own, cilium)).toEqual([]);
  });
});

describe("callers from outside", () => {
  const service = (type: string): string =>
    `{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: web}, spec: {type: ${type}, selector: {app: web}, ports: [{port: 80, targetPort: main}]}}`;
  const closed = policy("shop/web", `${web}, ingress: [{from: [{podSelector: {}}], ports: [{port: 8080}]}]`);

  it("are looked for at the port that a Service leads to", () => {
    expect(found(pod("shop/web", listening(8080)), service("LoadBalancer"), closed)).toEqual(["PW3026 warning"]);
    expect(found(pod("shop/web", listening(8080)), service("NodePort"), closed)).toEqual(["PW3026 info"]);
    expect(found(pod("shop/web", listening(8080)), service("ClusterIP"), closed)).toEqual([]);
  });

  it("are not missed where no policy isolates the pods", () => {
    expect(
      found(
        pod("shop/web", listening(8080)),
        service("LoadBalancer"),
        policy("shop/other", "podSelector: {matchLabels: {app: other}}"),
      ),
    ).not.toContain("PW3026 warning");
  });

  it("may be a ServiceMonitor's Prometheus, which is tried where it is in the input", () => {
    const monitor =
      "{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {namespace: monitoring, name: web}, spec: {namespaceSelector: {any: true}, selector: {matchLabels: {metrics: all}}, endpoints: [{port: http}]}}";
    const labelled =
      "{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: web, labels: {metrics: all}}, spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: main}]}}";
    const prometheus = pod("monitoring/prometheus");
    const from = (name: string): string =>
      policy(
        "shop/web",
        `${web}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ${name}}}}], ports: [{port: main}]}]`,
      );
    expect(found(pod("shop/web", listening(8080)), labelled, monitor, prometheus, from("monitoring"))).toEqual([]);
    expect(
      found(pod("shop/web", listening(8080)), labelled, monitor, prometheus, pod("other/one"), from("other")),
    ).toEqual(["PW3025 warning"]);
  });
});

describe("what both ends must allow", () => {
  it("is left open where blocks may stand for pods whose addresses are not known", () => {
    const db = policy(
      "data/db",
      "podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{ipBlock: {cidr: 10.244.0.0/16}}]}]",
    );
    const out = policy(
      "shop/web",
      "podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: data}}}]}, {ports: [{port: 53, protocol: UDP}, {port: 53}]}]",
    );
    expect(found(pod("shop/web"), pod("data/db"), db, out)).toEqual([]);
    const closed = policy("data/db", "podSelector: {}, policyTypes: [Ingress]");
    expect(found(pod("shop/web"), pod("data/db"), closed, out)).toEqual(["PW3028 warning"]);
  });

  it("is not taken for denied where a pod may reach others that are like it, if none else", () => {
    const closed = policy("data/all", "podSelector: {}, policyTypes: [Ingress, Egress]");
    const from = policy(
      "shop/in",
      "podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: {}}]}]",
    );
    const to = policy("shop/out", "podSelector: {}, policyTypes: [Egress], egress: [{}]");
    const pods = [pod("data/db"), pod("shop/web-1", "{}", "app: web")];
    expect(found(...pods, closed, from, to)).toContain("PW3028 warning");
    expect(found(...pods, pod("shop/web-2", "{}", "app: web"), closed, from, to)).not.toContain("PW3028 warning");
  });
});

describe("a Service's port where the pod's is meant", () => {
  const service =
    "{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: api}, spec: {selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}}";
  const from = policy(
    "shop/web",
    "podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress, Egress], egress: [{to: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 80}]}, {ports: [{port: 53, protocol: UDP}, {port: 53}]}]",
  );
  const to = (port: number): string =>
    policy(
      "shop/api",
      `podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: ${port}}]}]`,
    );
  const pods = [pod("shop/web"), pod("shop/api", listening(8080)), service];

  it("is one finding with what it makes vain at the other end, as one edit mends both", () => {
    const [only, ...others] = mistakesIn([...pods, from, to(8080)]);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ code: "PW3011", help: "write `port: 8080`" });
    expect(only?.related?.map(({ message, range }) => `${formatRange(range)} ${message}`)).toEqual([
      "a.yaml:5:1 the Service leads to 8080",
      expect.stringMatching(/^a\.yaml:9:\d+ allowed at the other end, in vain$/),
    ]);
  });

  it("is two where it is written at both ends", () => {
    expect(found(...pods, from, to(80))).toEqual(["PW3011 warning", "PW3011 warning"]);
  });

  it("does not hide that the other end denies the pod's port too", () => {
    expect(found(...pods, from, to(9090)).toSorted()).toEqual([
      "PW3011 warning",
      "PW3012 info",
      "PW3028 warning",
      "PW3028 warning",
    ]);
  });
});

describe("two sets of manifests that name no namespace", () => {
  it("may be applied to different ones, so that what one denies the other is a note", () => {
    const unnamed = (text: string): string => text.replaceAll("namespace: default, ", "");
    const closed = unnamed(policy("default/deny", "podSelector: {}, policyTypes: [Egress]"));
    const open = unnamed(
      policy(
        "default/db",
        "podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]",
      ),
    );
    const rest = [
      unnamed(pod("default/web")),
      unnamed(pod("default/db")),
      unnamed(policy("default/default-deny-ingress", "podSelector: {}, policyTypes: [Ingress]")),
    ];
    const severityOf = (name: string): string | undefined => {
      const files = [
        { name: "a/a.yaml", text: [open, ...rest].join("\n---\n") },
        { name, text: closed },
      ];
      return findMistakes(readManifests(files).objects).find(({ code }) => code === "PW3028")?.severity;
    };
    expect([severityOf("a/b.yaml"), severityOf("b/b.yaml")]).toEqual(["warning", "info"]);
  });
});

describe("a set that is well written", () => {
  it("has no finding: the online shop of the examples", () => {
    const folder = new URL("../../../../../examples/online-shop/", import.meta.url);
    const names = readdirSync(folder).filter((name) => name.endsWith(".yaml") && name !== "podwall-test.yaml");
    const files = names.map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") }));
    const { objects, ignored } = readManifests(files);
    expect(objects.filter(({ kind }) => kind === "NetworkPolicy").length).toBeGreaterThan(20);
    expect(findMistakes(objects, { ignored: ignored.keys() })).toEqual([]);
  });
});
