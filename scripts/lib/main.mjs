/** A failure that one sentence explains; its stack would not help. */
export class Problem extends Error {
  /**
   * @param {string} message
   * @param {number} exitCode 1: it did not work; 3: this machine cannot do it
   * @param {ErrorOptions} [options]
   */
  constructor(message, exitCode = 1, options) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/**
 * Tells what goes on. On stderr, because stdout belongs to the program that is started.
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs a script; a Problem becomes its sentence and an exit code.
 * @param {(args: string[]) => Promise<void>} body
 */
export async function main(body) {
  try {
    await body(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    say(error.message);
    process.exitCode = error.exitCode;
  }
}
