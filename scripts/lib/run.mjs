import { spawn } from "node:child_process";
import { root } from "./root.mjs";

/**
 * How a child ended; `code` is 1 after a signal and 127 when it could not be started.
 * @typedef {{ code: number, output: string }} Ended
 */

/**
 * Runs a program in the checkout, without input. Its output is kept, or shown as it comes.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ output: "keep" | "show", env?: Record<string, string> }} options
 * @returns {Promise<Ended>}
 */
export function run(command, args, options) {
  return new Promise((resolve) => {
    const shown = options.output === "show" ? "inherit" : "pipe";
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", shown, shown],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    }
    child.once("error", (error) => resolve({ code: 127, output: `${command}: ${error.message}\n` }));
    child.once("close", (code, signal) => {
      resolve({ code: code ?? 1, output: signal === null ? output : `${output}${command}: ended by ${signal}\n` });
    });
  });
}

/**
 * Runs a Node script, such as a development tool from node_modules.
 * @param {string} script
 * @param {readonly string[]} args
 * @param {{ output: "keep" | "show", env?: Record<string, string> }} options
 */
export function runNode(script, args, options) {
  return run(process.execPath, [script, ...args], options);
}
