// Which question a household is at, and its words for whoever asks by mouth.

/** The first of `topics` that is not answered yet; afterwards the score, then the comment. */
export function asking(questions, call, topics) {
  const open = topics.find((topic) => !call.replies[topic] && questions.some((one) => one.topic === topic));
  const topic = open ?? (call.scored ? "comment" : "score");
  return questions.find((one) => one.topic === topic) ?? questions.at(-1);
}

/** The words of a question about the cadre on stage. */
export function spoken(question, round) {
  return question.text.replaceAll("{cadre}", [round.post, round.name].filter(Boolean).join(""));
}
