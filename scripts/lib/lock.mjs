/**
 * The parts of a package-lock.json that are read here.
 * @typedef {{ version?: string, resolved?: string, link?: boolean, optional?: boolean, dev?: boolean,
 *   os?: string[], cpu?: string[], libc?: string[],
 *   dependencies?: Record<string, string>, devDependencies?: Record<string, string>,
 *   optionalDependencies?: Record<string, string> }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lock
 */

/**
 * Optional packages that something in the lock depends on and the lock does not name. npm leaves them out when its
 * registry has no copy of another system's package, and `npm ci` refuses such a lock on every system.
 * @param {Lock} lock
 * @returns {{ name: string, version: string, dev: boolean }[]}
 */
export function missingFromLock(lock) {
  return Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {}, dev = false }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !isNamed(lock, path, name))
      .map(([name, version]) => ({ name, version, dev })),
  );
}

/**
 * Whether `name` is found from `path` as Node looks for modules: beside it and in every folder above.
 * @param {Lock} lock
 * @param {string} path
 * @param {string} name
 */
function isNamed(lock, path, name) {
  for (let from = path; from !== ""; from = from.slice(0, Math.max(from.lastIndexOf("/node_modules/"), 0))) {
    if (lock.packages[`${from}/node_modules/${name}`] !== undefined) return true;
  }
  return lock.packages[`node_modules/${name}`] !== undefined;
}

const systems = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"];
/** `arm64` before `arm`, which begins it. */
const processors = ["arm64", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64"];
const libraries = { musl: "musl", gnu: "glibc" };

/**
 * The lock's entry for a binary package of another system, read off its name, such as
 * `@oxlint/binding-linux-arm64-musl`. Without it npm would try the package on every system.
 * @param {{ name: string, version: string, dev: boolean }} missing
 * @returns {LockedPackage | undefined}
 */
export function entryFromName({ name, version, dev }) {
  const os = systems.find((system) => name.includes(`${system}-`));
  const cpu = processors.find((processor) => name.includes(`-${processor}`));
  const isExact = /^[0-9]+\.[0-9]+\.[0-9]+$/.test(version);
  if (os === undefined || cpu === undefined || !isExact) return undefined;
  const libc = os === "linux" ? Object.entries(libraries).find(([text]) => name.endsWith(`-${text}`)) : undefined;
  return {
    version,
    cpu: [cpu],
    ...(dev ? { dev } : {}),
    ...(libc === undefined ? {} : { libc: [libc[1]] }),
    optional: true,
    os: [os],
  };
}
