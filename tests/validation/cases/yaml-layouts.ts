import { type Manifest, ofBody } from "../manifest.ts";

const named = (name: string, body: string): Manifest => ofBody("NetworkPolicy", name, body);

const layouts: readonly (readonly [string, string])[] = [
  ["duplicate key", "metadata: {name: a}\nspec:\n  podSelector: {}\n  podSelector: {matchLabels: {a: b}}\n"],
  [
    "duplicate key in flow style",
    "metadata: {name: a}\nspec: {egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, cidr: 11.0.0.0/8}}]}]}\n",
  ],
  ["duplicate label", "metadata: {name: a, labels: {a: b, a: b}}\nspec: {}\n"],
  ["duplicate top level field", "metadata: {name: a}\nmetadata: {name: b}\nspec: {}\n"],
  ["duplicate and unknown field", "metadata: {name: a}\nspec: {foo: 1, foo: 2, bar: 3}\n"],
  ["duplicate in another notation", 'metadata: {name: a}\nspec: {podSelector: {}, "podSelector": {}}\n'],
  ["duplicate key, one in number form", "metadata: {name: a}\nspec: {podSelector: {matchLabels: {1: a, '1': b}}}\n"],
  ["duplicate key with a wrong value", "metadata: {name: a}\nspec: {podSelector: {}, podSelector: []}\n"],
  [
    "merge key",
    "metadata: {name: a}\nspec:\n  podSelector: &s {matchLabels: {a: b}}\n  ingress: [{from: [{podSelector: {<<: *s}}]}]\n",
  ],
  [
    "merge key that is overridden",
    "metadata: {name: a}\nspec:\n  podSelector: &s {matchLabels: {a: b}}\n  ingress: [{from: [{podSelector: {<<: *s, matchLabels: {c: d}}}]}]\n",
  ],
  [
    "merge key that overrides",
    "metadata: {name: a}\nspec:\n  podSelector: &s {matchLabels: {a: b}}\n  ingress: [{from: [{podSelector: {matchLabels: {c: d}, <<: *s}}]}]\n",
  ],
  [
    "merge key of a list",
    "metadata: {name: a}\nspec:\n  podSelector: &s {matchLabels: {a: b}}\n  ingress: [{from: [{podSelector: {<<: [*s, *s]}}]}]\n",
  ],
  ["merge key of text", "metadata: {name: a}\nspec:\n  podSelector: {<<: x}\n"],
  ["merge key of null", "metadata: {name: a}\nspec:\n  podSelector: {<<: ~}\n"],
  ["merge key in quotes", 'metadata: {name: a}\nspec:\n  podSelector: {"<<": {}}\n'],
  [
    "two merge keys",
    "metadata: {name: a}\nspec:\n  podSelector: {<<: {matchLabels: {a: b}}, <<: {matchLabels: {c: d}}}\n",
  ],
  [
    "anchor and alias",
    "metadata: {name: a}\nspec:\n  podSelector: &s {matchLabels: {a: b}}\n  ingress: [{from: [{podSelector: *s}]}]\n",
  ],
  ["alias of text", "metadata: {name: &n a, labels: {x: *n}}\nspec: {}\n"],
  ["alias as a key", "metadata: {name: &n a, labels: {*n : x}}\nspec: {}\n"],
  ["alias without anchor", "metadata: {name: *n}\nspec: {}\n"],
  ["anchor given twice", "metadata: {name: &n a, labels: {x: *n, y: &n b, z: *n}}\nspec: {}\n"],
  ["alias inside its anchor", "metadata: {name: a}\nspec: &s {podSelector: *s}\n"],
  ["tab as indentation", "metadata:\n\tname: a\nspec: {}\n"],
  ["tab after a key", "metadata:\n  name:\ta\nspec:\t{}\n"],
  ["tab in flow style", "metadata: {\tname: a,\n\tlabels: {} }\nspec: {}\n"],
  ["tab at the end of a line", "metadata:\n  name: a\t\nspec: {}\t\n"],
  ["tab before a comment", "metadata:\n  name: a\t# comment\nspec: {}\n"],
  ["tab after a dash", "metadata:\n  name: a\nspec:\n  ingress:\n  -\tports:\n"],
  ["missing space after a colon", "metadata:\n  name:a\nspec: {}\n"],
  ["missing space after a colon, then a field", "metadata:\n  name:a\n  namespace: default\nspec: {}\n"],
  ["bad indentation", "metadata:\n  name: a\n   labels: {}\nspec: {}\n"],
  ["less indentation", "metadata:\n    name: a\n  labels: {}\nspec: {}\n"],
  ["open quote", 'metadata: {name: "a}\nspec: {}\n'],
  ["open bracket", "metadata: {name: a\nspec: {}\n"],
  ["open list", "metadata: {name: a}\nspec: {ingress: [}\n"],
  ["colon in a value", "metadata: {name: a}\nspec: {podSelector: {matchLabels: {a: b: c}}}\n"],
  ["template", "metadata: {name: {{ .Values.name }}}\nspec: {}\n"],
  ["template as a value", "metadata:\n  name: {{ .Values.name }}\nspec: {}\n"],
  ["percent at the start", "metadata:\n  name: %a\nspec: {}\n"],
  ["at sign at the start", "metadata:\n  name: @a\nspec: {}\n"],
  ["backtick at the start", "metadata:\n  name: `a`\nspec: {}\n"],
  ["block scalar", "metadata:\n  name: |\n    a\nspec: {}\n"],
  ["block scalar, stripped", "metadata:\n  name: |-\n    a\nspec: {}\n"],
  ["folded scalar", "metadata:\n  name: a\n  annotations:\n    text: >+\n      a\n      b\n\n\nspec: {}\n"],
  ["block scalar of a number", "metadata: {name: a}\nspec:\n  ingress:\n  - ports:\n    - port: |-\n        80\n"],
  ["plain scalar of two lines", "metadata:\n  name: a\n  annotations:\n    text: a\n      b\nspec: {}\n"],
  [
    "list at its key's column",
    "metadata:\n  name: a\nspec:\n  ingress:\n  - from:\n    - podSelector: {}\n    ports:\n    - port: 80\n",
  ],
  ["list without a dash", "metadata:\n  name: a\nspec:\n  ingress:\n    from:\n    - podSelector: {}\n"],
  ["dash too many", "metadata:\n  name: a\nspec:\n  ingress:\n  - from:\n    - - podSelector: {}\n"],
  [
    "null items",
    "metadata:\n  name: a\nspec:\n  podSelector:\n  ingress:\n  -\n  egress:\n  - to:\n    -\n    ports:\n    -\n",
  ],
  ["null everywhere", "metadata:\n  name: a\n  labels:\n  annotations:\nspec:\n"],
  ["null label value", "metadata: {name: a, labels: {a: }}\nspec: {podSelector: {matchLabels: {a: , b: ''}}}\n"],
  [
    "null label value without a colon",
    "metadata: {name: a, labels: {a}}\nspec: {podSelector: {matchLabels: {a, b}}}\n",
  ],
  ["null key", "metadata: {name: a, labels: {~: b}}\nspec: {}\n"],
  ["empty key", "metadata: {name: a, labels: {: b}}\nspec: {}\n"],
  ["list as a key", "metadata: {name: a, labels: {[a]: b}}\nspec: {}\n"],
  ["mapping as a key", "metadata: {name: a, labels: {{a: b}: c}}\nspec: {}\n"],
  ["comma too many", "metadata: {name: a,}\nspec: {ingress: [{},]}\n"],
  ["commas too many", "metadata: {name: a}\nspec: {ingress: [{},,{}]}\n"],
  ["JSON in YAML", 'metadata: {"name":"a"}\nspec: {"ingress":[{"ports":[{"port":80}]}]}\n'],
  ["JSON with a space before the colon", 'metadata: {"name" : "a"}\nspec: {}\n'],
  ["carriage returns", "metadata:\r\n  name: a\r\nspec: {}\r\n"],
  ["carriage returns alone", "metadata:\r  name: a\rspec: {}\r"],
  ["comments", "# one\nmetadata: # two\n  # three\n  name: a # four\nspec: {} # five\n"],
  ["no space before a comment", "metadata:\n  name: a#b\nspec: {}\n"],
  ["end of document", "metadata: {name: a}\nspec: {}\n...\n"],
  ["a second, empty document", "metadata: {name: a}\nspec: {}\n---\n"],
  ["escape sequences", 'metadata: {name: "\\x61\\u0062", labels: {a: "\\/b"}}\nspec: {}\n'],
  ["escape that is none", 'metadata: {name: "\\q"}\nspec: {}\n'],
  ["control character", "metadata: {name: a\u0001}\nspec: {}\n"],
  ["next line character", "metadata: {name: a}\u0085spec: {}\n"],
  ["non-breaking space", "metadata:\u00a0{name: a}\nspec: {}\n"],
  ["line separator", 'metadata: {name: a, annotations: {x: "a\u2028b"}}\nspec: {}\n'],
  ["set", "metadata: {name: a}\nspec:\n  podSelector:\n    matchLabels: !!set {a, b}\n"],
  ["ordered map", "metadata: {name: a}\nspec:\n  podSelector: !!omap [matchLabels: {a: b}]\n"],
  ["explicit key", "metadata: {name: a}\n? spec\n: {}\n"],
  [
    "indented whole",
    "metadata: {name: a}\nspec:\n           podSelector:\n                         matchLabels: {a: b}\n",
  ],
];

const heads: readonly (readonly [string, string])[] = [
  ["byte order mark", "\uFEFF"],
  ["document marker", "---\n"],
  ["directive", "%YAML 1.1\n---\n"],
  ["directive of YAML 1.2", "%YAML 1.2\n---\n"],
  ["directive of another YAML", "%YAML 3.0\n---\n"],
  ["tag directive", "%TAG !e! tag:example.com,2000:\n---\n"],
  ["comment before the marker", "# a comment\n---\n"],
  ["blank lines", "\n\n\n"],
  ["indented", "  "],
];

/** How Kubernetes' YAML may be laid out, and may not. */
export const yamlLayouts: readonly Manifest[] = [
  ...layouts.map(([name, body]) => named(name, body)),
  ...heads.map(([name, head]) => {
    const manifest = named(name, "metadata: {name: a}\nspec: {}\n");
    return { ...manifest, text: `${head}${manifest.text}` };
  }),
];
