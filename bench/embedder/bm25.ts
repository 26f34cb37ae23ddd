// The peer that knows spelling alone: BM25 (Robertson and Zaragoza 2009) with its usual constants.

const saturation = 1.2;
const lengthShare = 0.75;

export class Bm25 {
  readonly #postings = new Map<string, Map<number, number>>();
  readonly #lengths: number[] = [];
  #lengthMean = 0;

  constructor(documents: readonly (readonly string[])[]) {
    for (const [document, words] of documents.entries()) {
      this.#lengths.push(words.length);
      for (const word of words) {
        const counts = this.#postings.get(word) ?? new Map<number, number>();
        counts.set(document, (counts.get(document) ?? 0) + 1);
        this.#postings.set(word, counts);
      }
    }
    this.#lengthMean = this.#lengths.reduce((sum, length) => sum + length, 0) / documents.length;
  }

  /** A score for every document; more is better, 0 where no word is shared. */
  scores(words: readonly string[]): Float64Array {
    const scores = new Float64Array(this.#lengths.length);
    for (const word of words) {
      const counts = this.#postings.get(word);
      if (!counts) continue;
      const rarity = Math.log(1 + (scores.length - counts.size + 0.5) / (counts.size + 0.5));
      for (const [document, count] of counts) {
        const length = this.#lengths[document]! / this.#lengthMean;
        const damped = count + saturation * (1 - lengthShare + lengthShare * length);
        scores[document]! += (rarity * count * (saturation + 1)) / damped;
      }
    }
    return scores;
  }
}
