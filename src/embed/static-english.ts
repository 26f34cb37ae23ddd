// An embedding function for English sentences that needs no network and no model run: a sentence is
// the sum of its words' vectors, scaled to length 1. It knows the order of words not at all, which is
// the price of microseconds a sentence and of a table of 3 MB.

import type { EmbeddingFunction, EmbeddingFunctionSpace } from "chromadb";
import { englishTableUrl, loadTable } from "./load-table.ts";
import { createPace } from "./pace.ts";
import type { WordTable } from "./word-table.ts";
import { wordsOf } from "./words-of.ts";

/** Under this name collections remember the function, and the registry knows it. */
export const staticEnglishName = "static-english";

/** The table this release ships. Vectors of two tables must never meet in a collection. */
const shippedTable = "english-1";

export interface StaticEnglishConfig {
  /** Which table the vectors come from. */
  table: string;
}

export interface StaticEnglishOptions {
  /** Where the table is, if not beside this module: an absolute address, or one relative to the page. */
  tableUrl?: string | URL;
}

const tableByHref = new Map<string, Promise<WordTable>>();

export class StaticEnglishEmbeddingFunction implements EmbeddingFunction {
  readonly name = staticEnglishName;
  readonly #tableUrl: URL;

  /** Loads nothing: the first `generate` does, once for all functions with the same table. */
  constructor({ tableUrl }: StaticEnglishOptions = {}) {
    this.#tableUrl =
      tableUrl === undefined ? englishTableUrl() : new URL(tableUrl, globalThis.location?.href);
  }

  /**
   * The function a collection was made with.
   *
   * @throws {TypeError}  `config` names a table that this release does not have
   */
  static buildFromConfig(config: Partial<StaticEnglishConfig>): StaticEnglishEmbeddingFunction {
    assertShipped(config);
    return new StaticEnglishEmbeddingFunction();
  }

  /** What a collection keeps of the function. Where its table lies is the application's matter, not the data's. */
  getConfig(): StaticEnglishConfig {
    return { table: shippedTable };
  }

  /** @throws {TypeError}  vectors of `config`'s table cannot be compared with those already stored */
  validateConfigUpdate(config: Partial<StaticEnglishConfig>): void {
    assertShipped(config);
  }

  /** @throws {TypeError}  `config` names a table that this release does not have */
  validateConfig(config: Partial<StaticEnglishConfig>): void {
    assertShipped(config);
  }

  defaultSpace(): EmbeddingFunctionSpace {
    return "cosine";
  }

  /** Vectors have length 1, so all three spaces order them alike. */
  supportedSpaces(): EmbeddingFunctionSpace[] {
    return ["cosine", "l2", "ip"];
  }

  /** As `embed`, in the arrays that the interface asks for. */
  async generate(texts: string[]): Promise<number[][]> {
    return (await this.embed(texts)).map((vector) => Array.from(vector));
  }

  /**
   * One vector of length 1 for each text; the same text gives the same vector on every machine.
   *
   * Costs some microseconds a sentence, and gives the thread back every few milliseconds.
   *
   * @throws {Error}  the table cannot be loaded; a later call tries again
   */
  async embed(texts: readonly string[]): Promise<Float32Array<ArrayBuffer>[]> {
    const table = await this.#table();
    const sum = new Int32Array(table.dimension);
    const vectors: Float32Array<ArrayBuffer>[] = [];
    const pace = createPace();
    for (const text of texts) {
      vectors.push(vectorOf(text, table, sum));
      const pause = pace();
      if (pause) await pause;
    }
    return vectors;
  }

  #table(): Promise<WordTable> {
    const { href } = this.#tableUrl;
    let table = tableByHref.get(href);
    if (!table) {
      table = loadTable(this.#tableUrl);
      tableByHref.set(href, table);
      // The caller hears of the failure through the promise itself; here it is only forgotten.
      table.catch(() => tableByHref.delete(href));
    }
    return table;
  }
}

function vectorOf(text: string, table: WordTable, sum: Int32Array): Float32Array<ArrayBuffer> {
  sum.fill(0);
  for (const word of wordsOf(text)) table.addTo(sum, word);
  let squares = 0;
  for (const component of sum) squares += component * component;
  if (squares === 0) {
    // Cosine has no answer for a vector without direction, so a text without words gets one: the empty word's.
    table.addTo(sum, "");
    squares = sum.reduce((total, component) => total + component * component, 0);
  }
  const vector = new Float32Array(sum.length);
  const length = Math.sqrt(squares);
  for (let i = 0; i < sum.length; i++) vector[i] = sum[i]! / length;
  return vector;
}

function assertShipped({ table }: Partial<StaticEnglishConfig>): void {
  if (table !== shippedTable) throw new TypeError(`table ${table}, expected ${shippedTable}`);
}
