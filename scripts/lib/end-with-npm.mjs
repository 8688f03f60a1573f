import { readFileSync } from "node:fs";

/**
 * Ends this process, as a SIGTERM would, when the npm that started it is gone. npm starts a script through a shell, which
 * dies of a signal without passing it on, and nobody passes on a SIGKILL.
 */
export function endWithNpm() {
  if (process.platform !== "linux" || process.env["npm_lifecycle_event"] === undefined) return;
  const first = line();
  setInterval(() => {
    if (line() !== first) process.kill(process.pid, "SIGTERM");
  }, 500).unref();
}

/** The processes from this one's parent up to npm, or the shell and what started it. */
function line() {
  const parent = process.ppid;
  const { name, ppid } = statusOf(parent);
  return name.startsWith("npm") ? `${parent}` : `${parent} ${ppid}`;
}

/** @param {number} pid */
function statusOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const field = (/** @type {string} */ key) => new RegExp(`^${key}:\\s*(.*)$`, "m").exec(status)?.[1] ?? "";
    return { name: field("Name"), ppid: field("PPid") };
  } catch {
    return { name: "", ppid: "" };
  }
}
