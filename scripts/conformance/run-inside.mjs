import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What kubelet sets for a whole machine. Inside, each is a file of the run's own over the kernel's, so that the machine keeps
 * what it has.
 */
const machineSettings = [
  "vm/overcommit_memory",
  "vm/panic_on_oom",
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
];

/** Runs as the first process of the namespaces and buries the orphans of containerd. */
const script = `set -e
work=$1; node=$2; main=$3; config=$4
mount -t tmpfs -o mode=755 none /run
mkdir -p /run/netns "$work/var" "$work/var-work" "$work/settings" "$work/tmp"
mount -t overlay -o "lowerdir=/var,upperdir=$work/var,workdir=$work/var-work" none /var
for setting in ${machineSettings.join(" ")}; do
  [ -e "/proc/sys/$setting" ] || continue
  own=$work/settings/$(echo "$setting" | tr / -)
  cat "/proc/sys/$setting" > "$own"
  mount --bind "$own" "/proc/sys/$setting"
done
# The first process of a namespace gets only the signals that it handles.
trap "exit 130" INT TERM HUP
TMPDIR=$work/tmp "$node" "$main" "$config" &
wait $!
`;

/**
 * Runs a Node program as root of namespaces of its own: network, mounts and processes. When it ends, or this process does,
 * everything in there ends: every process, mount, link and rule. Gives its exit code, 130 when `signal` ended it.
 * @param {object} inside
 * @param {string} inside.main
 * @param {string} inside.config
 * @param {string} inside.work
 * @param {string} inside.pidFile gets the first process's id, as it is seen from outside
 * @param {AbortSignal} inside.signal
 * @returns {Promise<number>}
 */
export function runInside({ main, config, work, pidFile, signal }) {
  const namespaces = [
    "--net",
    "--mount",
    "--propagation",
    "private",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
  ];
  const shell = ["/bin/sh", "-c", script, "sh", work, process.execPath, main, config];
  const args = ["--pdeathsig", "KILL", "unshare", ...namespaces, ...shell];
  return new Promise((resolve, reject) => {
    const child = spawn("setpriv", args, { stdio: ["ignore", "inherit", "inherit"] });
    const end = () => {
      signalFirst("SIGTERM");
      setTimeout(() => signalFirst("SIGKILL"), 5_000).unref();
    };
    const signalFirst = (/** @type {"SIGTERM" | "SIGKILL"} */ name) => {
      const first = firstProcess(child.pid);
      if (first !== undefined) process.kill(first, name);
    };
    signal.addEventListener("abort", end, { once: true });
    const writing = setTimeout(() => writeFileSync(pidFile, `${firstProcess(child.pid) ?? ""}\n`), 1000);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(writing);
      signal.removeEventListener("abort", end);
      resolve(signal.aborted ? 130 : (code ?? 1));
    });
  });
}

/**
 * The only child of unshare, which has taken setpriv's place.
 * @param {number | undefined} pid
 */
function firstProcess(pid) {
  try {
    const children = readFileSync(join("/proc", String(pid), "task", String(pid), "children"), "utf8").trim();
    return children === "" ? undefined : Number(children.split(" ")[0]);
  } catch {
    return undefined;
  }
}
