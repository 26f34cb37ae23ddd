// The dictionary's data as it is downloaded: a head, and gzipped parts of columns. demo/data/make.mjs
// writes them.

import type { Metadata } from "chromalite";

/** dictionary.json. */
export interface DictionaryHead {
  /** Changes with the data. */
  readonly edition: string;
  readonly records: number;
  /** `file` is an absolute address here: a worker would resolve a relative one against its own. */
  readonly parts: readonly { readonly file: string; readonly records: number }[];
}

/** A part: columns of equal length, but for `parents`. */
export interface Part {
  readonly ids: string[];
  readonly words: string[][];
  readonly glosses: string[];
  readonly partsOfSpeech: string[];
  readonly fields: string[];
  /** For each record, places in `parents`. */
  readonly parentsOf: number[][];
  /** Words and gloss of what records of this part are kinds of. */
  readonly parents: string[];
}

/** Records in Chroma's columns, and the texts they are embedded by. */
export interface PartRecords {
  readonly ids: string[];
  readonly documents: string[];
  readonly metadatas: Metadata[];
  /** Words, gloss, and the parents' words and glosses: a gloss alone is often too thin to be found. */
  readonly embedded: string[];
}

/** A word says more of its own meaning than any word of its gloss; bench/embedder measures this very text. */
const wordsWeight = 4;

/** @throws {Error}  it cannot be had */
export async function fetchHead(): Promise<DictionaryHead> {
  const address = new URL("data/dictionary.json", document.baseURI).href;
  const head = (await (await mustFetch(address)).json()) as DictionaryHead;
  const parts = head.parts.map(({ file, records }) => ({ file: new URL(file, address).href, records }));
  return { ...head, parts };
}

/** @throws {Error}  it cannot be had, or is no part */
export async function fetchPart(file: string): Promise<PartRecords> {
  const bytes = new Uint8Array(await (await mustFetch(file)).arrayBuffer());
  // Some servers announce gzip files as an encoding, which the browser has undone by now.
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const stream = new Blob([bytes]).stream();
  const plain = isGzip ? stream.pipeThrough(new DecompressionStream("gzip")) : stream;
  return toRecords((await new Response(plain).json()) as Part);
}

/** Columns of a part as records. */
export function toRecords(part: Part): PartRecords {
  return {
    ids: part.ids,
    documents: part.glosses,
    metadatas: part.words.map(([word = "", ...synonyms], at) => ({
      word,
      ...(synonyms.length > 0 && { synonyms: synonyms.join(", ") }),
      partOfSpeech: part.partsOfSpeech[at]!,
      field: part.fields[at]!,
    })),
    embedded: part.words.map((words, at) =>
      [
        ...Array.from({ length: wordsWeight }, () => words.join(", ")),
        part.glosses[at]!,
        ...part.parentsOf[at]!.map((place) => part.parents[place]!),
      ].join("\n"),
    ),
  };
}

async function mustFetch(address: string): Promise<Response> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return response;
}
