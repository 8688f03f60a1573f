import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { say } from "./main.mjs";
import { run } from "./run.mjs";

/** What the lab and the system tests run, and the Debian package each comes from. */
const packageOf = {
  nft: "nftables",
  ip: "iproute2",
  conntrack: "conntrack",
  unshare: "util-linux",
  nsenter: "util-linux",
  setpriv: "util-linux",
  mount: "mount",
  // For kube-proxy in a test.
  "iptables-save": "iptables",
};

/**
 * Installs the system tools that are missing where that is possible, and says what to do where it is not. Never
 * stops: what needs a tool that is not there says so itself, and prediction needs none. Each tool is named by its command
 * or by its whole path, with the Debian package that has it.
 * @param {Readonly<Record<string, string>>} [wanted]
 */
export async function installSystemTools(wanted = packageOf) {
  const missing = missingPackages(wanted);
  if (missing.length === 0) return;
  const install = ["install", "-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=60", ...missing];
  if (process.platform !== "linux") return;
  if (process.getuid?.() !== 0 || !isCommand("apt-get")) {
    say(`Packets cannot be tried without some system tools. On Debian: sudo apt-get install ${missing.join(" ")}`);
    return;
  }
  say(`Installing system packages: ${missing.join(" ")} …`);
  let ended = await aptGet(install);
  if (ended.code !== 0) {
    // A fresh image has no package lists, and old lists name versions that are gone.
    await aptGet(["update", "-q"]);
    ended = await aptGet(install);
  }
  if (ended.code !== 0) {
    say(`${ended.output.trimEnd()}\nThese system packages could not be installed: ${missing.join(" ")}`);
  }
}

/** @param {Readonly<Record<string, string>>} wanted */
function missingPackages(wanted) {
  const missing = Object.entries(wanted).filter(([command]) => !isCommand(command));
  return [...new Set(missing.map(([, name]) => name))];
}

/**
 * Whether a program is installed. The sbin folders count: an ordinary user's PATH on Debian does not have them.
 * @param {string} name
 */
export function isCommand(name) {
  const folders = name.startsWith("/")
    ? ["/"]
    : [...(process.env["PATH"] ?? "").split(delimiter), "/usr/local/sbin", "/usr/sbin", "/sbin"];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** @param {readonly string[]} args */
function aptGet(args) {
  return run("apt-get", args, { output: "keep", env: { DEBIAN_FRONTEND: "noninteractive" } });
}
