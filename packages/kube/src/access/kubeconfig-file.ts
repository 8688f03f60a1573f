import { YAML11_SCHEMA, YAMLException, load } from "js-yaml";
import { AccessError } from "./access-error.ts";
import { Fields } from "./fields.ts";

/** One kubeconfig file, its entries not looked into yet. */
export interface KubeconfigFile {
  readonly clusters: ReadonlyMap<string, Fields>;
  readonly users: ReadonlyMap<string, Fields>;
  readonly contexts: ReadonlyMap<string, Fields>;
  readonly currentContext: string | undefined;
}

/**
 * Reads a kubeconfig's text.
 * @param path For messages, and what relative paths in it start from.
 */
export function readKubeconfig(text: string, path: string): KubeconfigFile {
  const root = new Fields(path, "", parse(text, path) ?? {});
  return {
    clusters: namedEntries(root, "clusters", "cluster"),
    users: namedEntries(root, "users", "user"),
    contexts: namedEntries(root, "contexts", "context"),
    currentContext: root.text("current-context"),
  };
}

function parse(text: string, path: string): unknown {
  try {
    return load(text, { schema: YAML11_SCHEMA });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = error.mark === undefined ? "" : `:${error.mark.line + 1}`;
    throw new AccessError(`${path}${line}: this kubeconfig is not YAML: ${error.reason}`, { cause: error });
  }
}

/** Lists of `{name, cluster: {…}}` and the like. As for kubectl, a name may not come twice in a file. */
function namedEntries(root: Fields, list: string, field: string): ReadonlyMap<string, Fields> {
  const entries = new Map<string, Fields>();
  for (const item of root.list(list)) {
    const name = item.text("name") ?? item.refuse("name", "is missing");
    if (entries.has(name)) item.refuse("name", `${JSON.stringify(name)} is there twice; rename or remove one`);
    entries.set(name, item.child(field));
  }
  return entries;
}
