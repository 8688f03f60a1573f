const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Being told to end: Ctrl-C, a closed terminal, or `kill`. */
export class Interruption {
  happened = false;
  /** Resolves when it happens. */
  readonly happening: Promise<void>;
  readonly #act: () => void;

  constructor() {
    let resolve = (): void => undefined;
    this.happening = new Promise((then) => {
      resolve = then;
    });
    this.#act = () => {
      this.happened = true;
      resolve();
    };
    for (const signal of signals) process.on(signal, this.#act);
  }

  /** Lets signals end the process again. */
  forget(): void {
    for (const signal of signals) process.off(signal, this.#act);
  }
}
