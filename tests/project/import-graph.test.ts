import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

/** Which workspace packages each one may import: the Layout of the design, as a table. */
const allowedImports: Readonly<Record<string, readonly string[]>> = {
  "packages/engine": [],
  "packages/report": ["@podwall/engine"],
  "packages/dataplane": ["@podwall/engine"],
  "packages/kube": ["@podwall/engine"],
  "packages/agent": ["@podwall/engine", "@podwall/dataplane", "@podwall/kube"],
  "packages/lab": ["@podwall/engine", "@podwall/dataplane", "@podwall/agent"],
  "apps/cli": [
    "@podwall/engine",
    "@podwall/report",
    "@podwall/kube",
    "@podwall/dataplane",
    "@podwall/agent",
    "@podwall/lab",
  ],
};

interface Module {
  readonly workspace: string;
  /** From the checkout's root. */
  readonly path: string;
  readonly imports: readonly string[];
}

const root = join(import.meta.dirname, "../..");
const workspaces = ["packages", "apps"].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
);
const modules = workspaces.flatMap(modulesOf);
const byPath = new Map(modules.map((module) => [module.path, module]));

function modulesOf(workspace: string): Module[] {
  const files = readdirSync(join(root, workspace, "src"), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => {
      const path = join(workspace, "src", file);
      return { workspace, path, imports: importsOf(readFileSync(join(root, path), "utf8")) };
    });
}

/** What a module's text imports or re-exports, types included. */
function importsOf(text: string): string[] {
  const statements = text.matchAll(/^(?:import|export)\s(?:[^;"]*?\sfrom\s)?\s*"([^"]+)"/gm);
  const calls = text.matchAll(/\bimport\(\s*"([^"]+)"/g);
  return [...statements, ...calls].map(([, specifier]) => specifier as string);
}

/** The files of the checkout that a module imports by relative path. */
function neighbours(module: Module): string[] {
  return module.imports
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => normalize(join(dirname(module.path), specifier)));
}

/** Modules on a way from a module back to itself, or undefined. */
function findCycle(): string[] | undefined {
  const finished = new Set<string>();
  const visit = (path: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path];
    if (finished.has(path)) return undefined;
    const module = byPath.get(path);
    for (const next of module === undefined ? [] : neighbours(module)) {
      const cycle = visit(next, [...way, path]);
      if (cycle !== undefined) return cycle;
    }
    finished.add(path);
    return undefined;
  };
  for (const { path } of modules) {
    const cycle = visit(path, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

describe("the import graph", () => {
  it("knows every workspace", () => {
    expect(workspaces.toSorted()).toEqual(Object.keys(allowedImports).toSorted());
  });

  it.each(workspaces)("sees modules and imports in %s", (workspace) => {
    const own = modules.filter((module) => module.workspace === workspace);
    expect(own.length).toBeGreaterThan(0);
    expect(own.flatMap((module) => module.imports).length).toBeGreaterThan(0);
  });

  it("reads every form of import", () => {
    const text =
      'import { a } from "a";\nimport type { b } from "b";\nimport {\n  c,\n} from "c";\nimport "d";\nexport * from "e";\n';
    expect(importsOf(`${text}const f = await import("f");\n`)).toEqual(["a", "b", "c", "d", "e", "f"]);
  });

  it("has only the edges that the layout allows, through each package's front door", () => {
    const edges = modules.flatMap((module) =>
      module.imports
        .filter((specifier) => specifier.startsWith("@podwall/") || specifier === "podwall")
        .map((specifier) => ({ module, specifier })),
    );
    const forbidden = edges.filter(({ module, specifier }) => !allowedImports[module.workspace]?.includes(specifier));
    expect(edges.length).toBeGreaterThan(0);
    expect(forbidden.map(({ module, specifier }) => `${module.path} imports ${specifier}`)).toEqual([]);
  });

  it("has no relative import that leaves its package or leads nowhere", () => {
    const astray = modules.flatMap((module) =>
      neighbours(module)
        .filter((path) => byPath.get(path)?.workspace !== module.workspace)
        .map((path) => `${module.path} imports ${path}`),
    );
    expect(astray).toEqual([]);
  });

  it("has no cycle", () => {
    expect(findCycle()).toBeUndefined();
  });

  it("keeps Node out of the engine", () => {
    const impure = modules
      .filter((module) => module.workspace === "packages/engine" && !module.path.endsWith(".test.ts"))
      .filter((module) => module.imports.some((specifier) => specifier.startsWith("node:")));
    expect(impure.map((module) => module.path)).toEqual([]);
  });
});
