/** What was found out of how a cluster enforces NetworkPolicy. */
export interface DoctorReport {
  /** As the kubeconfig names it. */
  readonly cluster: string;
  /** The API server's, as `v1.35.4`. */
  readonly version: string;
  /** Where the pods ran. */
  readonly nodes: readonly string[];
  readonly ipFamily: "4" | "6";
  readonly image: string;
  readonly rows: readonly DoctorRow[];
}

export interface DoctorRow {
  readonly id: string;
  readonly title: string;
  /** What the API says. */
  readonly says: string;
  readonly seen: string;
  /**
   * `ok`: as the API says. `not`: something else. `open`: the API leaves it open, and `seen` tells what this cluster does.
   * `unknown`: could not be tried, and `seen` tells why.
   */
  readonly verdict: "ok" | "not" | "open" | "unknown";
  readonly reference: string;
}

/** A line with how much is as the API says. */
export function doctorSummary({ rows }: Pick<DoctorReport, "rows">): string {
  const count = (verdict: DoctorRow["verdict"]): number => rows.filter((row) => row.verdict === verdict).length;
  const counts = [`${count("ok")} as the API says`, `${count("not")} not`];
  const others = [`${count("open")} left open by the API`, `${count("unknown")} unknown`];
  return [...counts, ...others].join(", ");
}

/** What the answers depend on, each with its name. */
export function doctorFacts({ cluster, version, nodes, ipFamily, image }: DoctorReport): readonly [string, string][] {
  return [
    ["cluster", cluster],
    ["Kubernetes", version],
    ["nodes", nodes.join(", ")],
    ["addresses", `IPv${ipFamily}`],
    ["image of the pods", image],
  ];
}
