/** Works out an answer once for each question. */
export function remembered<Question, Answer>(work: (question: Question) => Answer): (question: Question) => Answer {
  const answers = new Map<Question, Answer>();
  return (question) => {
    const known = answers.get(question);
    if (known !== undefined) return known;
    const answer = work(question);
    answers.set(question, answer);
    return answer;
  };
}
