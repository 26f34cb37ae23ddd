// The notes as a visitor meets them: adding, listing, reading, deleting.

import type { Library } from "../library.ts";
import type { Hit } from "../search/hits.ts";
import type { Announcer } from "../ui/announcer.ts";
import { Composer } from "../ui/composer.ts";
import { formatNumberOf } from "../ui/quantity.ts";
import { Reader } from "../ui/reader.ts";
import { ShelfList } from "../ui/shelf-list.ts";
import type { Tabs } from "../ui/tabs.ts";
import { type Note, NoteShelf, type NoteText, placeOf } from "./note-shelf.ts";

export class NoteDesk {
  readonly #tabs: Tabs;
  readonly #announcer: Announcer;
  readonly #onChange: () => void;
  readonly #onFailure: (error: unknown) => void;
  readonly #reader = new Reader();
  readonly #list = new ShelfList({
    onRead: (note) => this.#attempt((shelf) => this.#read(shelf, note.id)),
    onRemove: (note) => this.#attempt((shelf) => this.#remove(shelf, note)),
  });
  #shelf: NoteShelf | undefined;

  /** @param onChange  notes came or went */
  constructor(tabs: Tabs, announcer: Announcer, onChange: () => void, onFailure: (error: unknown) => void) {
    this.#tabs = tabs;
    this.#announcer = announcer;
    this.#onChange = onChange;
    this.#onFailure = onFailure;
    new Composer(
      (note) => this.#add(note),
      () => tabs.select("notes"),
    ).listen();
  }

  /** @throws {ChromaliteError}  the stored notes do not answer */
  async setLibrary({ notes, english }: Library): Promise<void> {
    this.#shelf = new NoteShelf(notes, english);
    await this.#refresh(this.#shelf);
  }

  /** Shows where a hit was found. */
  openHit({ id, metadata }: Hit): void {
    this.#attempt((shelf) => this.#read(shelf, placeOf(metadata).note, id));
  }

  async #add(note: NoteText): Promise<string> {
    if (!this.#shelf) throw new Error("The notes are not open yet. Try again in a moment.");
    const passages = await this.#shelf.add(note);
    await this.#changed(this.#shelf);
    return `${note.title}: ${formatNumberOf(passages, "passage")} added.`;
  }

  async #read(shelf: NoteShelf, note: string, found?: string): Promise<void> {
    this.#reader.open(await shelf.read(note), found);
  }

  async #remove(shelf: NoteShelf, note: Note): Promise<void> {
    const restore = await shelf.remove(note.id);
    await this.#changed(shelf);
    this.#list.offerUndo(note, () => this.#attempt(() => restore().then(() => this.#changed(shelf))));
    this.#announcer.say(`${note.title} deleted`);
  }

  async #changed(shelf: NoteShelf): Promise<void> {
    await this.#refresh(shelf);
    this.#onChange();
  }

  async #refresh(shelf: NoteShelf): Promise<void> {
    const notes = await shelf.list();
    this.#list.show(notes);
    this.#tabs.setCount("notes", notes.length);
  }

  #attempt(work: (shelf: NoteShelf) => Promise<void>): void {
    if (this.#shelf) work(this.#shelf).catch(this.#onFailure);
  }
}
