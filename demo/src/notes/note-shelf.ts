// Notes in their collection: a record a passage, whose metadata says which note it is of and where in
// it. Nothing is kept beside, so what is listed is what is stored.

import type { Collection, Metadata } from "chromalite";
import type { English } from "../english.ts";
import { numberOf, textOf } from "../search/metadata-value.ts";
import { passagesOf } from "./passages.ts";

export interface Note {
  readonly id: string;
  /** The file's name, or the first words of what was typed. */
  readonly title: string;
  readonly passages: number;
  readonly addedAt: Date;
}

/** Where a passage came from. */
export interface PassagePlace {
  readonly note: string;
  readonly title: string;
  readonly heading: string;
  /** From 1. */
  readonly passage: number;
  readonly passages: number;
  readonly lineStart: number;
  readonly lineEnd: number;
}

export interface NoteText {
  readonly title: string;
  readonly text: string;
  readonly isMarkdown: boolean;
}

export interface StoredPassage {
  readonly id: string;
  readonly text: string;
  readonly place: PassagePlace;
}

export class NoteShelf {
  readonly #collection: Collection;
  readonly #english: English;

  constructor(collection: Collection, english: English) {
    this.#collection = collection;
    this.#english = english;
  }

  /**
   * Stores a note, all its passages or none.
   *
   * @returns  the number of passages, 0 where the text says nothing
   * @throws {ChromaliteError}  it cannot be stored
   */
  async add({ title, text, isMarkdown }: NoteText): Promise<number> {
    const passages = passagesOf(text, isMarkdown);
    if (passages.length === 0) return 0;
    const note = crypto.randomUUID();
    const addedAt = Date.now();
    await this.#collection.add({
      ids: passages.map((_, at) => `${note}/${at + 1}`),
      documents: passages.map((passage) => passage.text),
      // A passage is also about what stands above it.
      embeddings: await this.#english.embed(passages.map(({ heading, text }) => `${heading}\n${text}`)),
      metadatas: passages.map(({ heading, lineStart, lineEnd }, at) => {
        const place = { passage: at + 1, passages: passages.length, heading, lineStart, lineEnd };
        return { note, title, addedAt, ...place };
      }),
    });
    return passages.length;
  }

  /** Newest first. */
  async list(): Promise<Note[]> {
    const firsts = await this.#collection.get({ where: { passage: 1 }, include: ["metadatas"] });
    const notes = firsts.rows().map(({ metadata }) => ({
      id: textOf(metadata ?? {}, "note"),
      title: textOf(metadata ?? {}, "title"),
      passages: numberOf(metadata ?? {}, "passages"),
      addedAt: new Date(numberOf(metadata ?? {}, "addedAt")),
    }));
    return notes.sort((a, b) => b.addedAt.getTime() - a.addedAt.getTime());
  }

  /** The passages of one note, in the order of its text. */
  async read(note: string): Promise<StoredPassage[]> {
    const records = await this.#collection.get({ where: { note }, include: ["documents", "metadatas"] });
    const passages = records.rows().map(({ id, document, metadata }) => ({
      id,
      text: document ?? "",
      place: placeOf(metadata ?? {}),
    }));
    return passages.sort((a, b) => a.place.passage - b.place.passage);
  }

  /** @returns  puts the note back as it was */
  async remove(note: string): Promise<() => Promise<void>> {
    const include: ("documents" | "metadatas" | "embeddings")[] = ["documents", "metadatas", "embeddings"];
    const { ids, documents, metadatas, embeddings } = await this.#collection.get({
      where: { note },
      include,
    });
    await this.#collection.delete({ where: { note } });
    return () =>
      this.#collection.add({
        ids,
        documents: documents.map((document) => document ?? ""),
        metadatas: metadatas.map((metadata) => metadata ?? {}),
        embeddings,
      });
  }
}

export function placeOf(metadata: Metadata): PassagePlace {
  return {
    note: textOf(metadata, "note"),
    title: textOf(metadata, "title"),
    heading: textOf(metadata, "heading"),
    passage: numberOf(metadata, "passage"),
    passages: numberOf(metadata, "passages"),
    lineStart: numberOf(metadata, "lineStart"),
    lineEnd: numberOf(metadata, "lineEnd"),
  };
}

/** "line 3", "lines 3–7". */
export function formatLines({ lineStart, lineEnd }: PassagePlace): string {
  return lineStart === lineEnd ? `line ${lineStart}` : `lines ${lineStart}–${lineEnd}`;
}
