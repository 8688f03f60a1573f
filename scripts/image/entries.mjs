/**
 * What a layer holds: a folder, a file or a link, by its path without a leading slash. All belong to root.
 * @typedef {{ kind: "folder", path: string, mode: number }} FolderEntry
 * @typedef {{ kind: "file", path: string, mode: number, content: Buffer }} FileEntry
 * @typedef {{ kind: "link", path: string, target: string }} LinkEntry
 * @typedef {FolderEntry | FileEntry | LinkEntry} Entry
 */

/**
 * @param {string} path
 * @param {Buffer | string} content
 * @param {number} [mode]
 * @returns {FileEntry}
 */
export function file(path, content, mode = 0o644) {
  return { kind: "file", path, mode, content: typeof content === "string" ? Buffer.from(content) : content };
}

/**
 * @param {string} path
 * @param {number} [mode]
 * @returns {FolderEntry}
 */
export function folder(path, mode = 0o755) {
  return { kind: "folder", path, mode };
}

/**
 * @param {string} path
 * @param {string} target
 * @returns {LinkEntry}
 */
export function link(path, target) {
  return { kind: "link", path, target };
}

/**
 * The entries in one order, with every folder that they are in.
 * @param {readonly Entry[]} entries
 * @returns {Entry[]}
 */
export function withFolders(entries) {
  /** @type {Map<string, Entry>} */
  const byPath = new Map();
  for (const entry of entries) {
    const parts = entry.path.split("/");
    for (const length of parts.keys()) {
      const path = parts.slice(0, length).join("/");
      if (path !== "" && !byPath.has(path)) byPath.set(path, folder(path));
    }
    byPath.set(entry.path, entry);
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
