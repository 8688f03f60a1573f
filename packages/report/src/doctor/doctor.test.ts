import { describe, expect, it } from "vitest";
import { plainStyle } from "../style.ts";
import { doctorJson } from "./doctor-json.ts";
import { doctorMarkdown } from "./doctor-markdown.ts";
import type { DoctorReport } from "./doctor-report.ts";
import { doctorText } from "./doctor-text.ts";

const report: DoctorReport = {
  cluster: "context kind",
  version: "v1.35.4",
  nodes: ["node1", "node2"],
  ipFamily: "4",
  image: "agnhost:2",
  rows: [
    { id: "ingress", title: "ingress", says: "a", seen: "2 of 2", verdict: "ok", reference: "x" },
    { id: "end-port", title: "endPort", says: "a | b", seen: "8082\u001b: denied", verdict: "not", reference: "y" },
    { id: "icmp", title: "ICMP", says: "left open", seen: "no answer", verdict: "open", reference: "z" },
  ],
};

describe("what doctor found", () => {
  it("is lines for people, with what the API says of all that is not so", () => {
    expect(doctorText(report, plainStyle)).toBe(
      [
        "cluster: context kind",
        "Kubernetes: v1.35.4",
        "nodes: node1, node2",
        "addresses: IPv4",
        "image of the pods: agnhost:2",
        "",
        "ok       ingress  2 of 2",
        "not      endPort  8082\\u001b: denied",
        "                  the API: a | b (y)",
        "open     ICMP     no answer",
        "",
        "1 as the API says, 1 not, 1 left open by the API, 0 unknown",
        "",
      ].join("\n"),
    );
  });

  it("is a Markdown table with all that it depends on", () => {
    const text = doctorMarkdown(report);
    expect(text).toContain("1 as the API says, 1 not, 1 left open by the API, 0 unknown.");
    expect(text).toContain("- Kubernetes: v1.35.4");
    expect(text.split("\n").filter((line) => line.startsWith("|"))).toHaveLength(5);
  });

  it("is JSON with a version", () => {
    expect(JSON.parse(doctorJson(report))).toEqual({ apiVersion: "podwall.dev/v1", kind: "DoctorReport", ...report });
  });
});
