import type { PolicyKind } from "../../../packages/engine/src/api/policy-kind.ts";
import type { Manifest } from "../manifest.ts";

const head = '"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy"';
const clusterHead = '"apiVersion": "policy.networking.k8s.io/v1alpha2", "kind": "ClusterNetworkPolicy"';
const clusterSpec = '"tier": "Admin", "priority": 1, "subject": {"namespaces": {}}';

const texts: readonly (readonly [PolicyKind, string])[] = [
  ["NetworkPolicy", `{${head}, "metadata": {"name": "a"}, "spec": {}}`],
  ["NetworkPolicy", `{${head}, "metadata": {"name": "a"}, "spec": {"b": 1, "a": 2}}`],
  ["NetworkPolicy", `{${head}, "metadata": {"name": "a", "name": "b"}, "spec": {}}`],
  ["NetworkPolicy", `{${head}, "metadata": {"name": "a"}, "spec": {"podSelector": {}, "podSelector": {}}}`],
  ["NetworkPolicy", `{${head}, "metadata": {"name": "a"}, "spec": {"x": 1, "x": 2}}`],
  ["NetworkPolicy", `{${head}, "metadata": {"name": "a"}, "spec": {"ingress": [{"from": [], "from": []}]}}`],
  ["NetworkPolicy", `{${head}, "metadata": {"name": "a", "labels": {"a": "b", "a": "c"}}, "spec": {}}`],
  ["NetworkPolicy", `{${head}, "metadata": {"name": "a"}, "Spec": {}, "spec": {}}`],
  ["NetworkPolicy", `{${head}, "metadata": {"name": "a"}, "spec": {"ingress": [{"ports": [{"port": 8e1}]}]}}`],
  ["NetworkPolicy", `{${head}, "metadata": {"name": "a"}, "spec": {"ingress": [{"ports": [{"port": 80.0}]}]}}`],
  ["NetworkPolicy", `{${head}, "metadata": {"name": "a"}, "spec": {"ingress": [null]}}`],
  ["NetworkPolicy", `{${head}, "metadata": {"name": "\\u0061"}, "spec": null}`],
  [
    "NetworkPolicy",
    `{${head}, "metadata": {"name": "a"}, "spec": {"podSelector": {"matchLabels": {"a": "\\ud83d\\ude00"}}}}`,
  ],
  [
    "NetworkPolicy",
    `{${head}, "metadata": {"name": "a"}, "spec": {"podSelector": {"matchLabels": {"a": "\\u0000\\t"}}}}`,
  ],
  ["NetworkPolicy", `{${head}, "metadata": {"name": "a"}, "spec": {}`],
  ["NetworkPolicy", "[]"],
  ["ClusterNetworkPolicy", `{${clusterHead}, "metadata": {"name": "a"}, "spec": {${clusterSpec}}}`],
  ["ClusterNetworkPolicy", `{${clusterHead}, "metadata": {"name": "a"}, "spec": {${clusterSpec}, "tier": "Admin"}}`],
  ["ClusterNetworkPolicy", `{${clusterHead}, "metadata": {"name": "a"}, "spec": {${clusterSpec}, "z": 1, "y": 2}}`],
];

/** What is particular to JSON. */
export const jsonCases: readonly Manifest[] = texts.map(([kind, text]) => ({
  name: `JSON ${text}`,
  kind,
  text,
  format: "json",
}));
