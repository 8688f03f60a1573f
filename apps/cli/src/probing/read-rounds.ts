/** What came of each probe in one round, by its number: `open`, or a word of the program that tried. */
export type Round = ReadonlyMap<number, string>;

/** The rounds that are over, in a log as the probes' scripts write it; what is no line of theirs is passed over. */
export function readRounds(log: string): readonly Round[] {
  const open = new Map<number, Map<number, string>>();
  const over: Round[] = [];
  for (const line of log.split("\n")) {
    const [, digits = "", probe, word = ""] = /^(\d{1,6}) (?:(\d{1,4}) )?([A-Za-z]{1,20})$/.exec(line) ?? [];
    if (digits === "") continue;
    const number = Number(digits);
    const round = open.get(number) ?? new Map<number, string>();
    open.set(number, round);
    if (probe !== undefined) round.set(Number(probe), word);
    else if (word === "over") over.push(round);
  }
  return over;
}
