// An embedding function that needs no model: how often each of a few letters occurs. Deterministic, and near
// for texts with the same letters. Query texts are taken in lower case, so that it shows who embedded them.

import { type EmbeddingFunction, type EmbeddingFunctionSpace, registerEmbeddingFunction } from "chromadb";

const NAME = "letter-counts-for-tests";
const spaces: readonly EmbeddingFunctionSpace[] = ["l2", "cosine", "ip"];

export class LetterEmbedder implements EmbeddingFunction {
  readonly name = NAME;
  readonly #letters: string;
  readonly #space: EmbeddingFunctionSpace;

  /** @param space  what a collection takes that names none */
  constructor(letters: string, space: EmbeddingFunctionSpace = "l2") {
    this.#letters = letters;
    this.#space = space;
  }

  async generate(texts: string[]): Promise<number[][]> {
    return texts.map((text) => Array.from(this.#letters, (letter) => text.split(letter).length - 1));
  }

  async generateForQueries(texts: string[]): Promise<number[][]> {
    return this.generate(texts.map((text) => text.toLowerCase()));
  }

  defaultSpace(): EmbeddingFunctionSpace {
    return this.#space;
  }

  supportedSpaces(): EmbeddingFunctionSpace[] {
    return [...spaces];
  }

  getConfig(): Record<string, unknown> {
    return { letters: this.#letters, space: this.#space };
  }

  static buildFromConfig({ letters, space }: Record<string, unknown>): LetterEmbedder {
    return new LetterEmbedder(
      String(letters),
      spaces.find((each) => each === space),
    );
  }
}

registerEmbeddingFunction(NAME, LetterEmbedder);
