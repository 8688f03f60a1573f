import type { Pair, Said } from "./pair.ts";
import { oddManifests } from "./odd-manifests.ts";

/** A way in which podwall is known to differ from an API server. Why it does is in docs/validation-differences.md. */
export interface Difference {
  readonly id: string;
  /** The pair as it would be without the difference; undefined where it does not show. */
  readonly reconcile: (pair: Pair) => Pair | undefined;
}

/** In the order in which they are taken away. */
export const differences: readonly Difference[] = [
  ...Object.entries(oddManifests).map(([id, names]) => ({ id, reconcile: ofOnly(names) })),
  { id: "no-path", reconcile: noPath },
  { id: "characters", reconcile: characters },
  { id: "random-name", reconcile: randomName },
  { id: "syntax-in-own-words", reconcile: syntaxInOwnWords },
  { id: "types-in-own-words", reconcile: typesInOwnWords },
  { id: "duplicates-in-own-words", reconcile: duplicatesInOwnWords },
  { id: "fields-of-a-wrong-type", reconcile: fieldsOfWrongType },
  { id: "goes-on", reconcile: goesOn },
  { id: "order-of-unknown-fields", reconcile: orderOfUnknownFields },
  { id: "selectors-of-custom-resources", reconcile: selectorsOfCustomResources },
  { id: "protocols-of-v1alpha1", reconcile: protocolsOfV1alpha1 },
];

/** Nothing is compared of manifests that are known, by name, to be judged otherwise. */
function ofOnly(names: readonly string[]): Difference["reconcile"] {
  return (pair) => (names.includes(pair.manifest.name) ? { ...pair, server: [], podwall: [] } : undefined);
}

function noPath(pair: Pair): Pair | undefined {
  return withServer(pair, (message) => message.replace(/^<nil>: /, ""));
}

function characters(pair: Pair): Pair | undefined {
  return withServer(pair, (message) => message.replace(/(must be no more than (?:63|253)) characters$/, "$1 bytes"));
}

/** The server completes the name first, and then finds the same wrong with it. */
function randomName(pair: Pair): Pair | undefined {
  const prefix = /^metadata\.generateName: Invalid value: "(.*?)": /.exec(pair.podwall[0]?.message ?? "")?.[1];
  if (prefix === undefined) return undefined;
  const isOfName = (message: string): boolean => message.startsWith(`metadata.name: Invalid value: "${prefix}`);
  const server = pair.server.filter((message) => !isOfName(message));
  return server.length === pair.server.length ? undefined : { ...pair, server };
}

function syntaxInOwnWords(pair: Pair): Pair | undefined {
  if (pair.stage !== "syntax") return undefined;
  const found = pair.podwall.find(isSyntax);
  return found === undefined ? undefined : { ...pair, server: [found.message], podwall: onlyFirst(pair, found) };
}

/** The server names the first value of a wrong type, by Go's name of the field: its path, or its mapping's, without indices. */
function typesInOwnWords(pair: Pair): Pair | undefined {
  const told = pair.server[0] ?? "";
  if (pair.stage !== "types") return undefined;
  const infinite = told.startsWith("json: unsupported value: ");
  const unmarshal = /^json: cannot unmarshal .* into Go (?:struct field \w+\.([\w.]+)|value) of type /.exec(told);
  if (!infinite && unmarshal === null) return undefined;
  const path = unmarshal?.[1];
  const isTold = ({ code, message }: Said): boolean =>
    code === "PW1012" && (path === undefined || isField(message, path));
  const found = pair.podwall.find(isTold);
  return found === undefined ? undefined : { ...pair, server: [found.message], podwall: onlyFirst(pair, found) };
}

/** Whether a message is about a field, or an entry of it, that Go calls so; metadata is decoded apart for custom resources. */
function isField(message: string, goPath: string): boolean {
  const path = pathOf(message).replaceAll(/\[\d+\]/g, "");
  return [goPath, `metadata.${goPath}`].some((one) => path === one || path.startsWith(`${one}.`));
}

/** The server's text of the same line and key. */
function duplicatesInOwnWords(pair: Pair): Pair | undefined {
  if (pair.stage !== "strict") return undefined;
  const podwall = pair.podwall.map((said) => {
    const key = /^key (".*") is already set in this mapping; /.exec(said.message)?.[1];
    if (key === undefined) return said;
    const field = pair.server.find(
      (message) => message.startsWith("duplicate field ") && message.endsWith(key.slice(1)),
    );
    return { ...said, message: field ?? `line ${said.line}: key ${key} already set in map` };
  });
  return podwall.every((said, index) => said === pair.podwall[index]) ? undefined : { ...pair, podwall };
}

function fieldsOfWrongType(pair: Pair): Pair | undefined {
  const wrong = pair.podwall.filter(({ code }) => code === "PW1012").map(({ message }) => pathOf(message));
  const server = pair.server.filter((message) => {
    const field = /^unknown field "(.*)"$/.exec(message)?.[1];
    return field === undefined || !wrong.some((path) => field.startsWith(`${path}.`) || field.startsWith(`${path}[`));
  });
  return server.length === pair.server.length ? undefined : { ...pair, server };
}

function goesOn(pair: Pair): Pair | undefined {
  const podwall = pair.podwall.filter((said) => isOfStage(said, pair));
  return podwall.length === pair.podwall.length ? undefined : { ...pair, podwall };
}

function isOfStage(said: Said, { stage, podwall }: Pair): boolean {
  switch (stage) {
    case "syntax":
    case "types":
      // The server stops at the first.
      return said === podwall[0];
    case "strict":
      return said.code === "PW1006" || said.code === "PW1013";
    case "schema":
      return !isCelRule(said);
    case "all":
      return true;
  }
}

function orderOfUnknownFields(pair: Pair): Pair | undefined {
  if (pair.stage !== "strict") return undefined;
  const podwall = pair.podwall.toSorted((one, other) => (one.message < other.message ? -1 : 1));
  return { ...pair, server: pair.server.toSorted(), podwall };
}

function selectorsOfCustomResources(pair: Pair): Pair | undefined {
  if (pair.manifest.kind === "NetworkPolicy") return undefined;
  return withoutSaid(pair, ({ code, message }) => selectorCodes.has(code) && message.startsWith("spec."));
}

const selectorCodes: ReadonlySet<string> = new Set(["PW2002", "PW2003"]);

function protocolsOfV1alpha1(pair: Pair): Pair | undefined {
  if (!pair.manifest.kind.endsWith("AdminNetworkPolicy")) return undefined;
  return withoutSaid(
    pair,
    ({ code, message }) => code === "PW2004" || message.endsWith("must be greater than or equal to `start`"),
  );
}

function withServer(pair: Pair, rewrite: (message: string) => string): Pair | undefined {
  const server = pair.server.map(rewrite);
  return server.every((message, index) => message === pair.server[index]) ? undefined : { ...pair, server };
}

function withoutSaid(pair: Pair, isLeftOut: (said: Said) => boolean): Pair | undefined {
  const podwall = pair.podwall.filter((said) => !isLeftOut(said));
  return podwall.length === pair.podwall.length ? undefined : { ...pair, podwall };
}

function onlyFirst({ podwall }: Pair, first: Said): readonly Said[] {
  return [first, ...podwall.filter((said) => said !== first)];
}

function pathOf(message: string): string {
  return /^(.*?): /.exec(message)?.[1] ?? "";
}

/** The text is no YAML or no object. */
function isSyntax({ code }: Said): boolean {
  return /^PW10(?:0[1-57-9]|1[01])$/.test(code);
}

/** A rule of a definition in CEL. */
function isCelRule({ code, message }: Said): boolean {
  return code === "PW2026" || celTexts.some((text) => message.includes(text));
}

const celTexts: readonly string[] = [
  "Start port must be less than End port",
  "peer cannot be set with namedPorts",
  "Invalid CIDR format provided",
];
