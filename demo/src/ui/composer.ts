// Where notes come in: typed or pasted text, chosen files, files dropped anywhere on the page.

import { readNoteFile } from "../notes/note-file.ts";
import type { NoteText } from "../notes/note-shelf.ts";
import { make, mustFind } from "./element.ts";

/** Stores a note; the answer is what to tell the visitor. */
export type AddNote = (note: NoteText) => Promise<string>;

const titleCharactersMax = 40;

export class Composer {
  readonly #form = mustFind("composer", HTMLFormElement);
  readonly #text = mustFind("note-text", HTMLTextAreaElement);
  readonly #files = mustFind("note-files", HTMLInputElement);
  readonly #message = mustFind("composer-message", HTMLParagraphElement);
  readonly #add: AddNote;
  readonly #onDrop: () => void;

  /** @param onDrop  files are being dropped, wherever the visitor is */
  constructor(add: AddNote, onDrop: () => void) {
    this.#add = add;
    this.#onDrop = onDrop;
  }

  /** Begins to take notes. */
  listen(): void {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#addTyped();
    });
    this.#text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#form.requestSubmit();
    });
    this.#text.addEventListener("paste", (event) => this.#onFiles(event, event.clipboardData));
    this.#files.addEventListener("change", () => {
      void this.#addFiles([...(this.#files.files ?? [])]);
      this.#files.value = "";
    });
    this.#watchDrops();
  }

  #watchDrops(): void {
    const root = document.documentElement;
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
    document.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      root.dataset["drop"] = "over";
    });
    document.addEventListener("dragleave", (event) => {
      if (event.relatedTarget === null) delete root.dataset["drop"];
    });
    document.addEventListener("drop", (event) => {
      delete root.dataset["drop"];
      if (!hasFiles(event)) return;
      this.#onDrop();
      this.#onFiles(event, event.dataTransfer);
    });
  }

  /** Text is left to the browser. */
  #onFiles(event: Event, data: DataTransfer | null): void {
    const files = [...(data?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    void this.#addFiles(files);
  }

  async #addTyped(): Promise<void> {
    const text = this.#text.value;
    this.#message.replaceChildren();
    if (text.trim() === "") {
      this.#say("Write something first.", "refused");
      this.#text.focus();
      return;
    }
    await this.#report(async () => {
      const said = await this.#add({ title: titleOf(text), text, isMarkdown: /^#{1,6}\s/m.test(text) });
      this.#text.value = "";
      return said;
    });
  }

  async #addFiles(files: readonly File[]): Promise<void> {
    this.#message.replaceChildren();
    for (const file of files) {
      await this.#report(async () => {
        const { name, text, isMarkdown } = await readNoteFile(file);
        return this.#add({ title: name, text, isMarkdown });
      });
    }
  }

  async #report(work: () => Promise<string>): Promise<void> {
    try {
      this.#say(await work(), "added");
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error), "refused");
    }
  }

  /** One line a note, so that of several files each has its say. */
  #say(text: string, outcome: "added" | "refused"): void {
    this.#message.append(make("span", { "data-outcome": outcome }, text));
  }
}

/** The first line, cut between words. */
function titleOf(text: string): string {
  const [line = ""] = text
    .trim()
    .replace(/^#+\s*/, "")
    .split("\n");
  if (line.length <= titleCharactersMax) return line;
  return `${line.slice(0, line.lastIndexOf(" ", titleCharactersMax) + 1 || titleCharactersMax).trimEnd()}…`;
}
