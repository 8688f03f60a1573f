const jsonHead = '"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "a"}';

/** Differences that show only in manifests nobody would write: the manifests' names, all of them. */
export const oddManifests: Readonly<Record<string, readonly string[]>> = {
  "merged-and-given": [
    "merge key that is overridden",
    "merge key that overrides",
    "merge key of a list",
    "two merge keys",
  ],
  "text-and-number-keys": ["duplicate key, one in number form"],
  "yaml-1.2": ["escape sequences"],
  "binary-tags": ["port", "label", "protocol", "key", "name"].map((position) => `${position}: !!binary aGk=`),
  "odd-line-ends": ["next line character"],
  "less-indented-rest": ["indented"],
  "large-numbers": [
    "key: -0.0",
    "key: 9223372036854775808",
    "key: 18446744073709551615",
    "key: 18446744073709551616",
    "key: 12345678901234567890123",
    "priority: 9223372036854775807",
    "priority: 9223372036854775808",
    "priority: 18446744073709551615",
    "priority: 18446744073709551616",
    "ClusterNetworkPolicy {tier: Admin, priority: 9223372036854775808, subject: {namespaces: {}}}",
  ],
  "numbers-of-json": ["8e1", "80.0"].map(
    (port) => `JSON {${jsonHead}, "spec": {"ingress": [{"ports": [{"port": ${port}}]}]}}`,
  ),
  "unknown-twice-in-json": [`JSON {${jsonHead}, "spec": {"x": 1, "x": 2}}`],
};
