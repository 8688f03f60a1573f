/** What the commands need of the process they run in. */
export interface Context {
  /** The checkout. */
  readonly root: string;
  /** Where relative paths that a person gives start. */
  readonly cwd: string;
  /** Node, and where the bundled programs are. */
  readonly node: string;
  readonly programs: string;
  readonly today: () => string;
  /** A line about what goes on, beside the results. */
  readonly say: (line: string) => void;
  readonly print: (text: string) => void;
}

/** What a person can mend; its message is enough. */
export class UsageError extends Error {}
