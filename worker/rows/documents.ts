// The documents as filters read them: resident in one buffer from the first text filter on while they
// fit, read one by one where they do not. Follows every change; spans and bytes stay the rows' business.

import { Bitset } from "../bitset.ts";
import type { TextSpan } from "../change.ts";
import type { TextPattern } from "./regex.ts";
import { findTexts } from "./text-match.ts";
import { TextBuffer } from "./text-buffer.ts";
import type { TextSource } from "./text-source.ts";

/** Calls back with slot and span of each document there is. */
export type EachDocument = (visit: (slot: number, span: TextSpan) => void) => void;

export class Documents {
  readonly #texts: TextSource;
  readonly #each: EachDocument;
  readonly #residentBytesMax: number;
  #resident: TextBuffer | undefined;
  /** Documents written since the buffer was last used, by slot. */
  readonly #unread = new Map<number, TextSpan>();

  /** @param residentBytesMax  texts beyond it are read from storage at each filter */
  constructor(texts: TextSource, each: EachDocument, residentBytesMax: number) {
    this.#texts = texts;
    this.#each = each;
    this.#residentBytesMax = residentBytesMax;
  }

  get bytes(): number {
    return this.#resident?.bytes ?? 0;
  }

  set(slot: number, span: TextSpan): void {
    if (this.#resident === undefined) return;
    this.#resident.remove(slot);
    this.#unread.set(slot, span);
  }

  move(from: number, to: number): void {
    if (this.#resident === undefined) return;
    this.#resident.move(from, to);
    const span = this.#unread.get(from);
    if (span === undefined) return;
    this.#unread.delete(from);
    this.#unread.set(to, span);
  }

  remove(slot: number): void {
    this.#resident?.remove(slot);
    this.#unread.delete(slot);
  }

  /** Gives the resident texts up; the next text filter loads them again. */
  release(): void {
    this.#resident = undefined;
    this.#unread.clear();
  }

  /**
   * Slots of `within` whose document contains `needle`; the empty needle is in every document.
   * @throws {Failure}  "corrupt" when a document fails its checksum
   */
  selectContaining(needle: string, within: Bitset): Bitset {
    const bytes = new TextEncoder().encode(needle);
    const contains = (text: Uint8Array): boolean =>
      bytes.length === 0 || findTexts(text, Uint32Array.of(0, text.length), 1, bytes).length === 1;
    const resident = this.#open();
    if (resident === undefined) return this.#selectByReading(contains, within);
    // One search over everything is faster than many short ones until few texts are asked for.
    const isNarrow = within.count() * 8 < resident.count;
    return isNarrow ? resident.select(contains, within) : resident.selectContaining(bytes).and(within);
  }

  /**
   * Slots of `within` whose document has a match of `pattern`.
   * @throws {Failure}  "corrupt" when a document fails its checksum
   */
  selectMatching(pattern: TextPattern, within: Bitset): Bitset {
    const matches = (text: Uint8Array): boolean => pattern.matches(text);
    return this.#open()?.select(matches, within) ?? this.#selectByReading(matches, within);
  }

  /** The buffer with every document in it, or undefined where they do not fit. */
  #open(): TextBuffer | undefined {
    if (this.#resident !== undefined) this.#readUnread(this.#resident);
    if (this.#resident !== undefined && this.#resident.bytes <= this.#residentBytesMax) return this.#resident;
    this.release();
    let total = 0;
    this.#each((_, span) => (total += span.length));
    if (total > this.#residentBytesMax) return undefined;
    const buffer = new TextBuffer(total);
    this.#each((slot, span) => buffer.add(slot, this.#texts.read(span)));
    this.#resident = buffer;
    return buffer;
  }

  #readUnread(buffer: TextBuffer): void {
    for (const [slot, span] of this.#unread) buffer.add(slot, this.#texts.read(span));
    this.#unread.clear();
  }

  #selectByReading(matches: (text: Uint8Array) => boolean, within: Bitset): Bitset {
    const found = new Bitset();
    this.#each((slot, span) => {
      if (within.has(slot) && matches(this.#texts.read(span))) found.add(slot);
    });
    return found;
  }
}
