const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Being told to end: Ctrl-C, a closed terminal, `kill`, or nobody who reads what is said any more. */
export class Interruption {
  happened = false;
  /** Whether somebody who may be looking told it to. */
  bySignal = false;
  /** Resolves when it happens. */
  readonly happening: Promise<void>;
  readonly #act: () => void;

  constructor(readerGone?: Promise<void>) {
    let resolve = (): void => undefined;
    this.happening = new Promise((then) => {
      resolve = then;
    });
    const happen = (): void => {
      this.happened = true;
      resolve();
    };
    this.#act = () => {
      this.bySignal = true;
      happen();
    };
    for (const signal of signals) process.on(signal, this.#act);
    void readerGone?.then(happen);
  }

  /** Lets signals end the process again. */
  forget(): void {
    for (const signal of signals) process.off(signal, this.#act);
  }
}
