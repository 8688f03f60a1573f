import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { Problem, say } from "./main.mjs";
import { fromRoot } from "./root.mjs";

/**
 * A program that is built from pinned Go modules. `module` is a folder of the checkout with go.mod and go.sum; `package` is
 * what to build there, and a `test` is built as Go's test program. An insertion puts lines into a file of one of the modules
 * for this build.
 * @typedef {{ name: string, module: string, package: string, kind?: "program" | "test", linkerFlags?: readonly string[],
 *   insertion?: Insertion }} GoProgram
 * @typedef {{ module: string, file: string, after: string, lines: string }} Insertion
 */

/** Whether there is a Go to build with. */
export function hasGo() {
  return spawnSync("go", ["version"], { stdio: "ignore" }).status === 0;
}

/**
 * Where a program is, whether it is built or not: in the user's cache, by what its module says.
 * @param {GoProgram} program
 */
export function goProgramPath({ name, module, insertion }) {
  const hash = createHash("sha256");
  if (insertion !== undefined) hash.update(JSON.stringify(insertion));
  for (const file of moduleFiles(module)) hash.update(`${file}\0`).update(readFileSync(fromRoot(module, file)));
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const folder = `${module.replaceAll("/", "-")}-${hash.digest("hex").slice(0, 12)}`;
  return join(cache, "podwall", "go", folder, name);
}

/**
 * Builds a program where it is not built yet, and gives its path. The first time may take minutes; says so.
 * @param {GoProgram} program
 * @returns {Promise<string>}
 */
export async function goProgram(program) {
  const path = goProgramPath(program);
  if (existsSync(path)) return path;
  if (!hasGo()) throw new Problem(`${program.name} is built from Go modules, and there is no Go here: install Go.`, 3);
  mkdirSync(join(path, ".."), { recursive: true });
  // Built aside and moved, so that no half a program is ever found, and two builds at once do no harm.
  const target = `${path}.${process.pid}`;
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  say(`Building ${program.name} …`);
  const ticking = setInterval(() => say(`Still building ${program.name}, ${seconds()} s …`), 30_000);
  const { code, output } = await build(program, target).finally(() => clearInterval(ticking));
  if (code !== 0) throw new Problem(`${program.name} could not be built:\n${output.trimEnd()}`);
  renameSync(target, path);
  for (const ending of ["source", "mod", "sum"]) rmSync(`${target}.${ending}`, { recursive: true, force: true });
  say(`Built ${program.name} in ${seconds()} s.`);
  return path;
}

/**
 * The version of a module that a go.mod requires.
 * @param {string} module
 * @param {string} name
 */
export function requiredVersion(module, name) {
  const text = readFileSync(fromRoot(module, "go.mod"), "utf8");
  const line = text.split("\n").find((one) => one.replace(/^\s*(require )?/, "").startsWith(`${name} v`));
  const version = line
    ?.trim()
    .split(" ")
    .find((word) => /^v\d/.test(word));
  if (version === undefined) throw new Error(`${module}/go.mod requires no ${name}`);
  return version;
}

/** @param {string} module */
function moduleFiles(module) {
  const own = readdirSync(fromRoot(module), { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".go"),
  );
  return ["go.mod", "go.sum", ...own.sort()];
}

/**
 * @param {GoProgram} program
 * @param {string} target
 */
async function build({ module, package: path, kind = "program", linkerFlags = [], insertion }, target) {
  const changed = insertion === undefined ? [] : [await withInsertion(module, insertion, target)];
  const verb = kind === "test" ? ["test", "-c"] : ["build"];
  const flags = ["-trimpath", "-buildvcs=false", "-ldflags", ["-s", "-w", ...linkerFlags].join(" "), ...changed];
  return runGo(module, [...verb, ...flags, "-o", target, path]);
}

/**
 * Where Go has a module's source, as this module requires it.
 * @param {string} module
 * @param {string} name
 */
export async function moduleSource(module, name) {
  const { code, output } = await runGo(module, ["mod", "download", "-json", name]);
  if (code !== 0) throw new Problem(`Go could not fetch ${name}:\n${output.trimEnd()}`);
  /** @type {{ Dir: string }} */
  const { Dir } = JSON.parse(output);
  return Dir;
}

/**
 * Copies a module, puts the lines in there, and gives the option that makes Go build with the copy.
 * @param {string} module
 * @param {Insertion} insertion
 * @param {string} target
 */
async function withInsertion(module, { module: of, file, after, lines }, target) {
  const copy = `${target}.source`;
  cpSync(await moduleSource(module, of), copy, { recursive: true });
  const path = join(copy, file);
  const parts = readFileSync(path, "utf8").split(after);
  if (parts.length !== 2) throw new Problem(`${of} has not one place in ${file} after which lines can be put in.`);
  // Go's module cache is read-only, and so is what is copied from it.
  rmSync(path, { force: true });
  writeFileSync(path, parts.join(`${after}${lines}`));
  writeFileSync(`${target}.mod`, `${readFileSync(fromRoot(module, "go.mod"), "utf8")}\nreplace ${of} => ${copy}\n`);
  copyFileSync(fromRoot(module, "go.sum"), `${target}.sum`);
  return `-modfile=${target}.mod`;
}

/**
 * @param {string} module
 * @param {readonly string[]} args
 * @returns {Promise<{ code: number, output: string }>}
 */
function runGo(module, args) {
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off" };
  return new Promise((resolve) => {
    const child = spawn("nice", ["-n", "10", "go", ...args], {
      cwd: fromRoot(module),
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let complaint = "";
    child.stdout.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
      complaint = (complaint + text).slice(-20_000);
    });
    child.once("error", (error) => resolve({ code: 127, output: error.message }));
    child.once("close", (code) => resolve({ code: code ?? 1, output: code === 0 ? output : complaint }));
  });
}
