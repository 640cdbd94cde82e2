// Saying no: every check that fails throws a Refusal, and a step shows it.

/** What is wrong, as the key of a word of the page with its values, and where: a file, a line, a field. */
export class Refusal extends Error {
  constructor(word, place, values) {
    super(`${place}: ${word} ${JSON.stringify(values)}`);
    this.word = word;
    this.place = place;
    this.values = values;
  }
}

export function refuse(word, place = "", values = {}) {
  throw new Refusal(word, place, values);
}
