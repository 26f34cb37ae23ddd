// An import: the bytes of an archive become the files of an empty path. Order: the mark takes the place of
// the roots and is flushed; ranges are written as their checksums prove them; flush; the newest root is written
// to its slot; flush; the mark goes from the other slot. An older root is left out: what it names is not in
// the archive. So a path has all of an archive or none of it, whenever the machine stops.

import { clearImport, hasImportMark, removeImportMark, writeImportMark } from "../data/import-mark.ts";
import { readRoot, type Root, writeRoot } from "../data/root.ts";
import type { Storage, StorageFile } from "../storage/storage.ts";
import {
  ARCHIVE_HEADER_BYTES,
  type ArchiveHeader,
  assertSectionBytes,
  damage,
  decodeArchiveHeader,
  decodeSectionHeader,
  ROOTS,
  SECTION_HEADER_BYTES,
  sectionFiles,
} from "./format.ts";
import { PieceBuffer } from "./piece-buffer.ts";

export class ArchiveImport {
  readonly #data: StorageFile;
  readonly #logs: readonly StorageFile[];
  readonly #files: readonly StorageFile[];
  readonly #pending = new PieceBuffer();
  #header: ArchiveHeader | undefined;
  #nextSection = 1;
  /** Bytes of the archive that are taken. */
  #taken = 0;
  #root: Root | undefined;

  private constructor(storage: Storage) {
    this.#data = storage.file("data");
    this.#logs = [storage.file("log-0"), storage.file("log-1")];
    this.#files = sectionFiles.map((name) => storage.file(name));
  }

  /** Begins in an empty path, whose files nobody else uses until the end. */
  static async begin(storage: Storage): Promise<ArchiveImport> {
    const begun = new ArchiveImport(storage);
    writeImportMark(begun.#data);
    await begun.#data.flush();
    for (const log of begun.#logs) log.truncate(0);
    return begun;
  }

  /** Takes the next bytes. @throws {Failure} "corrupt", "format-newer", and what the storage throws */
  take(bytes: Uint8Array): void {
    this.#pending.push(bytes);
    if (this.#header === undefined) {
      const header = this.#pending.peek(ARCHIVE_HEADER_BYTES);
      if (header === undefined) return;
      this.#header = decodeArchiveHeader(header);
      this.#drop(ARCHIVE_HEADER_BYTES);
    }
    while (this.#takeSection());
  }

  /** Makes what came a database. @throws {Failure} "corrupt": there is more or less than the header says */
  async finish(): Promise<void> {
    const { sections, bytes } = this.#header ?? { sections: 0, bytes: ARCHIVE_HEADER_BYTES };
    if (this.#root === undefined || this.#nextSection !== sections + 1 || this.#taken !== bytes) {
      throw damage(`the archive ends early: expected ${bytes} bytes`, this.#taken + this.#pending.length);
    }
    if (this.#pending.length > 0) throw damage("there are bytes behind the archive", this.#taken);
    for (const file of [...this.#logs, this.#data]) await file.flush();
    writeRoot(this.#data, this.#root);
    await this.#data.flush();
    removeImportMark(this.#data, this.#root);
    await this.#data.flush();
  }

  /** Makes the path empty again, also after `finish`. */
  async cancel(): Promise<void> {
    if (!hasImportMark(this.#data)) {
      writeImportMark(this.#data);
      await this.#data.flush();
    }
    await clearImport(this.#data, this.#logs);
  }

  /** False when the next section is not there as a whole yet. */
  #takeSection(): boolean {
    const number = this.#nextSection;
    if (number > this.#header!.sections) return false;
    const header = this.#pending.peek(SECTION_HEADER_BYTES);
    if (header === undefined) return false;
    const section = decodeSectionHeader(header, number, this.#taken);
    const whole = this.#pending.peek(SECTION_HEADER_BYTES + section.length);
    if (whole === undefined) return false;
    const bytes = whole.subarray(SECTION_HEADER_BYTES);
    assertSectionBytes(header, bytes, number, this.#taken);
    if (section.file === ROOTS) this.#root = mustReadRoot(bytes, this.#taken);
    else this.#files[section.file]!.write(bytes, section.offset);
    this.#drop(whole.length);
    this.#nextSection++;
    return true;
  }

  #drop(bytes: number): void {
    this.#pending.drop(bytes);
    this.#taken += bytes;
  }
}

/** @param at  of the archive, for the message */
function mustReadRoot(blocks: Uint8Array, at: number): Root {
  const root = readRoot({ name: "the archive", read: (target, from) => copyFrom(blocks, from, target) });
  if (root === undefined) throw damage("the archive has no root that is whole", at);
  return root;
}

/** As a file's `read`. */
function copyFrom(source: Uint8Array, from: number, target: Uint8Array): number {
  const part = source.subarray(from, from + target.length);
  target.set(part);
  return part.length;
}
