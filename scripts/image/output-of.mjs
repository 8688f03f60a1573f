import { spawn } from "node:child_process";
import { Problem } from "../lib/main.mjs";

/**
 * What a program writes to stdout; a Problem with its stderr where it fails.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string }} [options]
 * @returns {Promise<Buffer>}
 */
export function outputOf(command, args, { cwd } = {}) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" };
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    /** @type {Buffer[]} */
    const pieces = [];
    let complaint = "";
    child.stdout.on("data", (/** @type {Buffer} */ piece) => pieces.push(piece));
    child.stderr.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
      complaint = (complaint + text).slice(-10_000);
    });
    child.once("error", (cause) => reject(new Problem(`${command} cannot be started: ${cause.message}`, 3, { cause })));
    child.once("close", (code) => {
      if (code === 0) resolve(Buffer.concat(pieces));
      else reject(new Problem(`${command} ${args.slice(0, 3).join(" ")} … failed:\n${complaint.trimEnd()}`));
    });
  });
}
