import { type Manifest, ofBody } from "../manifest.ts";
import { long } from "./repeated.ts";

const metadata: readonly string[] = [
  "~",
  "{}",
  "[]",
  "x",
  "5",
  "{name: ~}",
  "{name: ''}",
  "{name: 1}",
  "{name: true}",
  "{name: [a]}",
  "{name: {a: b}}",
  "{name: A}",
  "{name: a_b}",
  "{name: a.b}",
  "{name: a..b}",
  "{name: -a}",
  "{name: a-}",
  "{name: a/b}",
  "{name: '1'}",
  `{name: ${long(253)}}`,
  `{name: ${long(254)}}`,
  `{name: ${long(253)}_}`,
  "{name: é}",
  "{name: a, Name: b}",
  "{generateName: a-}",
  "{generateName: A_}",
  "{generateName: A_, name: x}",
  "{generateName: '-'}",
  "{generateName: ''}",
  "{generateName: 'a.'}",
  `{generateName: ${long(254)}-}`,
  "{name: a, foo: b}",
  "{name: a, foo: ~}",
  "{name: a, Labels: {}}",
  "{name: a, label: {a: b}}",
  "{name: a, labels: ~}",
  "{name: a, labels: {a: ~}}",
  "{name: a, labels: {a: b, c: 'd e', -f: g}}",
  "{name: a, labels: []}",
  "{name: a, labels: {a: 1}}",
  "{name: a, labels: {a: true}}",
  "{name: a, labels: {a: [b]}}",
  "{name: a, labels: {A/b: x}}",
  `{name: a, labels: {a: ${long(64)}}}`,
  `{name: a, labels: {${long(64)}: ''}}`,
  "{name: a, annotations: ~}",
  "{name: a, annotations: {a b: c}}",
  "{name: a, annotations: {A/b: c, a/B: d}}",
  "{name: a, annotations: {a: 1}}",
  "{name: a, annotations: {a: ~}}",
  "{name: a, annotations: x}",
  "{name: a, namespace: ~}",
  "{name: a, namespace: ''}",
  "{name: a, namespace: default}",
  "{name: a, namespace: 1}",
  "{name: a, creationTimestamp: ~}",
  "{name: a, uid: 5}",
  "{name: a, uid: [x]}",
  "{name: a, selfLink: 5}",
  "{name: a, resourceVersion: 5}",
  "{name: a, generation: x}",
  "{name: a, generation: '5'}",
  "{name: a, generation: 1.5}",
  "{name: a, deletionGracePeriodSeconds: x}",
  "{name: a, uid: x, resourceVersion: ~, generation: 5}",
];

const wholes: readonly (readonly [string, string])[] = [
  ["without metadata", "spec: {}\n"],
  ["without spec", "metadata: {name: a}\n"],
  ["with Spec", "metadata: {name: a}\nSpec: {}\n"],
  ["with Metadata", "Metadata: {name: a}\nspec: {}\n"],
  ["with status", "metadata: {name: a}\nspec: {}\nstatus: {}\n"],
  ["with status null", "metadata: {name: a}\nspec: {}\nstatus: ~\n"],
  ["with an unknown field", "metadata: {name: a}\nspec: {}\nextra: 1\n"],
  ["with fields in metadata and spec", "metadata: {name: a, x: 1}\nspec: {foo: 2}\nz: 3\n"],
];

const ofMetadata = (text: string): Manifest =>
  ofBody("NetworkPolicy", `NetworkPolicy metadata ${text}`, `metadata: ${text}\nspec: {}\n`);

const clusterSpec = "{tier: Admin, priority: 1, subject: {namespaces: {}}}";

const ofClusterMetadata = (text: string): Manifest =>
  ofBody("ClusterNetworkPolicy", `ClusterNetworkPolicy metadata ${text}`, `metadata: ${text}\nspec: ${clusterSpec}\n`);

/** Annotations may have 256 KiB together, keys included. */
const largeAnnotations = ["", "x", "é"].map((more) => {
  const body = `metadata: {name: a, annotations: {a: ${long(262_142)}${more}, b: ''}}\nspec: {}\n`;
  return ofBody("NetworkPolicy", `NetworkPolicy with annotations of 262,144 bytes and "${more}"`, body);
});

/** Policies with odd metadata and odd top levels. */
export const metadataCases: readonly Manifest[] = [
  ...metadata.map(ofMetadata),
  ...metadata.map(ofClusterMetadata),
  ...largeAnnotations,
  ...wholes.map(([name, body]) => ofBody("NetworkPolicy", `NetworkPolicy ${name}`, body)),
  ...wholes.map(([name, body]) =>
    ofBody("ClusterNetworkPolicy", `ClusterNetworkPolicy ${name}`, body.replace("spec: {}", `spec: ${clusterSpec}`)),
  ),
  ...["AdminNetworkPolicy", "BaselineAdminNetworkPolicy"].flatMap(ofNames),
];

function ofNames(kind: string): readonly Manifest[] {
  const spec =
    kind === "AdminNetworkPolicy" ? "{priority: 1, subject: {namespaces: {}}}" : "{subject: {namespaces: {}}}";
  return ["default", "other", "A"].map((name) =>
    ofBody(kind as "AdminNetworkPolicy", `${kind} named ${name}`, `metadata: {name: ${name}}\nspec: ${spec}\n`),
  );
}
