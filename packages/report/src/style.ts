/** How to make words stand out. Plain where output is not for a terminal. */
export interface Style {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}

const same = (text: string): string => text;

export const plainStyle: Style = { good: same, bad: same, warn: same, dim: same, bold: same };
