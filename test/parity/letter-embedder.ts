// An embedding function that needs no model: how often each of a few letters occurs.

import { type EmbeddingFunction, type EmbeddingFunctionSpace, registerEmbeddingFunction } from "chromadb";

const NAME = "letters-of-parity";

export class LetterEmbedder implements EmbeddingFunction {
  readonly name = NAME;
  readonly #letters: string;

  constructor(letters: string) {
    this.#letters = letters;
  }

  async generate(texts: string[]): Promise<number[][]> {
    return texts.map((text) => Array.from(this.#letters, (letter) => text.split(letter).length - 1));
  }

  async generateForQueries(texts: string[]): Promise<number[][]> {
    return this.generate(texts.map((text) => text.toLowerCase()));
  }

  defaultSpace(): EmbeddingFunctionSpace {
    return "l2";
  }

  supportedSpaces(): EmbeddingFunctionSpace[] {
    return ["l2", "cosine", "ip"];
  }

  getConfig(): Record<string, unknown> {
    return { letters: this.#letters };
  }

  static buildFromConfig({ letters }: Record<string, unknown>): LetterEmbedder {
    return new LetterEmbedder(String(letters));
  }
}

registerEmbeddingFunction(NAME, LetterEmbedder);
