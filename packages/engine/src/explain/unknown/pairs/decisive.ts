/**
 * Which of several facts change an answer by themselves, whatever the others are; all where none does alone, or where there
 * are too many choices to try. Each has so many choices; an answer is undefined where the choices cannot be so together.
 */
export function decisive(
  choices: readonly number[],
  answerAt: (chosen: readonly number[]) => string | undefined,
): readonly number[] {
  const all = choices.map((_, index) => index);
  if (choices.reduce((product, count) => product * count, 1) > mostTried) return all;
  const answers = combinations(choices).flatMap((chosen) => {
    const answer = answerAt(chosen);
    return answer === undefined ? [] : [{ chosen, answer }];
  });
  const alone = all.filter((index) => {
    const others = new Map<string, string>();
    return answers.some(({ chosen, answer }) => {
      const rest = chosen.map((choice, place) => (place === index ? "" : choice)).join();
      const known = others.get(rest);
      if (known === undefined) others.set(rest, answer);
      return known !== undefined && known !== answer;
    });
  });
  return alone.length > 0 ? alone : all;
}

const mostTried = 500;

function combinations(choices: readonly number[]): readonly (readonly number[])[] {
  return choices.reduce<readonly (readonly number[])[]>(
    (found, count) => found.flatMap((one) => Array.from({ length: count }, (_, choice) => [...one, choice])),
    [[]],
  );
}
