// What files have that their journal has not. They may have more than it: what was written relaxed, and what a
// worker flushed that died before the journal had it. The journal is read through and compared with the files, so
// that what is put into it is what was not there, and memory holds a piece of each.

import type { BackendFile } from "./backend.ts";
import type { Journal, JournalEntry } from "./journal.ts";
import { Ranges } from "./ranges.ts";

/** What is compared at once, and the most that is put as one entry. */
const PIECE_BYTES = 4096;
const ENTRY_BYTES = 2 ** 15;

/**
 * Entries that, behind those of the journal, make the files as they are.
 *
 * Cost: the bytes of the journal and of the files, read once.
 */
export async function* journalGaps(
  journal: Journal,
  files: ReadonlyMap<string, BackendFile>,
): AsyncGenerator<JournalEntry> {
  const comparisons = new Map([...files].map(([name, file]) => [name, new Comparison(name, file)]));
  await journal.replay((entry) => comparisons.get(entry.file)?.take(entry));
  for (const comparison of comparisons.values()) yield* comparison.gaps();
}

/** A file beside what the journal makes of it. */
class Comparison {
  readonly #name: string;
  readonly #file: BackendFile;
  readonly #size: number;
  /** Pieces of zeros in the file. */
  readonly #zeros: readonly number[];
  /** Where both have the same. */
  readonly #same = new Ranges();
  #journalSize = 0;

  constructor(name: string, file: BackendFile) {
    this.#name = name;
    this.#file = file;
    this.#size = file.size();
    this.#zeros = this.#findZeros();
    this.#cut(0);
  }

  take(entry: JournalEntry): void {
    if ("size" in entry) this.#cut(entry.size);
    else this.#compare(entry.bytes, entry.at);
  }

  *gaps(): Generator<JournalEntry> {
    for (const [start, end] of this.#same.gaps(0, this.#size)) {
      for (let at = start; at < end; at += ENTRY_BYTES) {
        const bytes = this.#read(at, new Uint8Array(Math.min(ENTRY_BYTES, end - at)));
        yield { file: this.#name, at, bytes };
      }
    }
    if (this.#journalSize !== this.#size) yield { file: this.#name, size: this.#size };
  }

  #compare(bytes: Uint8Array, from: number): void {
    this.#journalSize = Math.max(this.#journalSize, from + bytes.length);
    const found = this.#read(from, new Uint8Array(bytes.length));
    for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
      const end = Math.min(start + PIECE_BYTES, bytes.length);
      if (isSame(bytes, found, start, end)) this.#same.add(from + start, from + end);
      else this.#same.remove(from + start, from + end);
    }
  }

  /** From `size` on the journal has zeros. */
  #cut(size: number): void {
    this.#journalSize = size;
    this.#same.remove(size, Infinity);
    for (const at of this.#zeros) {
      const end = Math.min(at + PIECE_BYTES, this.#size);
      this.#same.add(Math.max(at, size), end);
    }
  }

  #findZeros(): number[] {
    const zeros: number[] = [];
    const none = new Uint8Array(ENTRY_BYTES);
    const target = new Uint8Array(ENTRY_BYTES);
    for (let at = 0; at < this.#size; at += ENTRY_BYTES) {
      const found = this.#read(at, target);
      for (let start = 0; start < found.length; start += PIECE_BYTES) {
        const end = Math.min(start + PIECE_BYTES, found.length);
        if (isSame(found, none, start, end)) zeros.push(at + start);
      }
    }
    return zeros;
  }

  /** @returns  what of `target` was filled: less at the file's end */
  #read(at: number, target: Uint8Array): Uint8Array {
    let done = 0;
    while (done < target.length) {
      const count = this.#file.read(target.subarray(done), at + done);
      if (count === 0) break;
      done += count;
    }
    return target.subarray(0, done);
  }
}

/** False where one of them ends before `end`. */
function isSame(a: Uint8Array, b: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (a[at] !== b[at]) return false;
  return end <= a.length && end <= b.length;
}
