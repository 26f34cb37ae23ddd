// The documents as filters read them: resident in one buffer from the first text filter on while they
// fit, read one by one where they do not. Follows every change; spans and bytes stay the rows' business.

import { Bitset } from "../bitset.ts";
import type { TextSpan } from "../change.ts";
import type { DocumentSpans } from "./document-spans.ts";
import type { TextPattern } from "./regex.ts";
import { TextBuffer } from "./text-buffer.ts";
import type { TextFinder } from "./text-finder.ts";
import type { TextSource } from "./text-source.ts";

export class Documents {
  readonly #texts: TextSource;
  readonly #spans: DocumentSpans;
  readonly #find: TextFinder;
  readonly #residentBytesMax: number;
  #resident: TextBuffer | undefined;
  /** Documents written since the buffer was last used, by slot. */
  readonly #unread = new Map<number, TextSpan>();
  /** Documents read one by one since they were last loaded. */
  #readSingly = 0;

  /** @param residentBytesMax  texts beyond it are read from storage at each filter */
  constructor(texts: TextSource, spans: DocumentSpans, find: TextFinder, residentBytesMax: number) {
    this.#texts = texts;
    this.#spans = spans;
    this.#find = find;
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

  /** Slots are given anew: the i-th of `kept` becomes slot i. */
  renumber(kept: Uint32Array): void {
    this.#resident?.renumber(kept);
    const unread = new Map(this.#unread);
    if (unread.size === 0) return;
    this.#unread.clear();
    kept.forEach((before, slot) => {
      const span = unread.get(before);
      if (span !== undefined) this.#unread.set(slot, span);
    });
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
      bytes.length === 0 || this.#find(text, Uint32Array.of(0, text.length), 1, bytes).length === 1;
    const candidates = within.count();
    const resident = this.#open(candidates);
    if (resident === undefined) return this.#selectByReading(contains, within, candidates);
    // One search over everything is faster than many short ones until few texts are asked for.
    const isNarrow = candidates * 8 < resident.count;
    return isNarrow ? resident.select(contains, within) : resident.selectContaining(bytes).and(within);
  }

  /**
   * Slots of `within` whose document has a match of `pattern`.
   * @throws {Failure}  "corrupt" when a document fails its checksum
   */
  selectMatching(pattern: TextPattern, within: Bitset): Bitset {
    const matches = (text: Uint8Array): boolean => pattern.matches(text);
    const candidates = within.count();
    const resident = this.#open(candidates);
    return resident?.select(matches, within) ?? this.#selectByReading(matches, within, candidates);
  }

  /**
   * The buffer with every document in it. Undefined where they do not fit, or while all the candidates
   * so far are fewer than the documents to load: the work is at most twice what foresight would do.
   */
  #open(candidates: number): TextBuffer | undefined {
    if (this.#resident !== undefined) this.#readUnread(this.#resident);
    if (this.#resident !== undefined && this.#resident.textBytes <= this.#residentBytesMax)
      return this.#resident;
    this.release();
    this.#readSingly += candidates;
    if (this.#readSingly < this.#spans.count) return undefined;
    let total = 0;
    this.#spans.each((_, span) => (total += span.length));
    if (total > this.#residentBytesMax) return undefined;
    const buffer = new TextBuffer(total, this.#find);
    this.#spans.each((slot, span) => buffer.add(slot, this.#texts.read(span)));
    this.#resident = buffer;
    this.#readSingly = 0;
    return buffer;
  }

  #readUnread(buffer: TextBuffer): void {
    for (const [slot, span] of this.#unread) buffer.add(slot, this.#texts.read(span));
    this.#unread.clear();
  }

  #selectByReading(matches: (text: Uint8Array) => boolean, within: Bitset, candidates: number): Bitset {
    const found = new Bitset();
    const visit = (slot: number, span: TextSpan | null): void => {
      if (span !== null && matches(this.#texts.read(span))) found.add(slot);
    };
    // A look-up by sequence costs about four steps of the pass over all records.
    if (candidates * 4 < this.#spans.count) {
      within.forEach((slot) => visit(slot, this.#spans.of(slot)));
    } else {
      this.#spans.each((slot, span) => {
        if (within.has(slot)) visit(slot, span);
      });
    }
    return found;
  }
}
