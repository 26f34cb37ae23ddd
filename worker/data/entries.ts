// Entries of the texts and delta streams, each with a checksum seeded by its offset in the stream.
// A text is named by its span, so it stores no length; a delta entry is found by walking, so it does.

import type { Failure } from "../../src/protocol/failure.ts";
import type { RecordsChange, TextSpan } from "../change.ts";
import { checksum } from "../checksum.ts";
import { decodeValue } from "../msgpack/decode.ts";
import { encodeValue } from "../msgpack/encode.ts";
import { changeToStored, type StoredChange, storedToChange } from "./change-codec.ts";
import type { Stream } from "./stream.ts";

/**
 * A text entry:  u32 checksum, UTF-8 bytes.
 * A delta entry: u32 length, u32 checksum, MessagePack of a list of `StoredChange`.
 */
const TEXT_HEADER_BYTES = 4;
const DELTA_HEADER_BYTES = 8;

/** Bytes in the stream of a text of that many. */
export function textEntryBytes(length: number): number {
  return TEXT_HEADER_BYTES + length;
}

const encoder = new TextEncoder();

/** Appends texts to a stream that is being written: gives spans now, and the bytes at the end. */
export class TextWriter {
  readonly #start: number;
  #bytes = new Uint8Array(1024);
  #length = 0;

  /** @param start  offset in the stream where the first text will lie */
  constructor(start: number) {
    this.#start = start;
  }

  /** Offset behind the last text. */
  get end(): number {
    return this.#start + this.#length;
  }

  add(text: string): TextSpan {
    // UTF-16 code units take at most three bytes each in UTF-8.
    this.#reserve(TEXT_HEADER_BYTES + text.length * 3);
    const at = this.#length;
    const { written } = encoder.encodeInto(text, this.#bytes.subarray(at + TEXT_HEADER_BYTES));
    const offset = this.#start + at;
    const body = this.#bytes.subarray(at + TEXT_HEADER_BYTES, at + TEXT_HEADER_BYTES + written);
    new DataView(this.#bytes.buffer).setUint32(at, checksum(body, offset), true);
    this.#length = at + TEXT_HEADER_BYTES + written;
    return { offset, length: written };
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

/** Reads and verifies the texts of one collection. */
export class Texts {
  readonly #stream: Stream;
  #bytes = new Uint8Array(1024);

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  read(span: TextSpan): Uint8Array {
    const length = TEXT_HEADER_BYTES + span.length;
    if (this.#bytes.length < length) this.#bytes = new Uint8Array(length * 2);
    const bytes = this.#bytes.subarray(0, length);
    this.#stream.read(bytes, span.offset);
    const body = bytes.subarray(TEXT_HEADER_BYTES);
    if (new DataView(bytes.buffer).getUint32(0, true) !== checksum(body, span.offset)) {
      throw this.#stream.damagedAt(span.offset, `a text of ${span.length} bytes`);
    }
    return body;
  }
}

/** One delta entry, to lie at `offset` of the stream. */
export function encodeDelta(changes: readonly RecordsChange[], offset: number): Uint8Array {
  const body = encodeValue(changes.map(changeToStored));
  const bytes = new Uint8Array(DELTA_HEADER_BYTES + body.length);
  const view = new DataView(bytes.buffer);
  bytes.set(body, DELTA_HEADER_BYTES);
  view.setUint32(0, body.length, true);
  view.setUint32(4, checksum(body, offset), true);
  return bytes;
}

/** The changes of a delta stream, oldest first. @throws {Failure} "corrupt" */
export function readDelta(stream: Stream): Generator<readonly RecordsChange[]> {
  return walkDelta(stream, (damage) => {
    throw damage;
  });
}

/** Alike, without those that are damaged; where the length of one is, those after it are lost, too. */
export function readSoundDelta(stream: Stream): Generator<readonly RecordsChange[]> {
  return walkDelta(stream, () => undefined);
}

function* walkDelta(
  stream: Stream,
  passOver: (damage: Failure) => void,
): Generator<readonly RecordsChange[]> {
  let offset = stream.pieces[0]?.start ?? stream.end;
  const header = new Uint8Array(DELTA_HEADER_BYTES);
  while (offset < stream.end) {
    stream.read(header, offset);
    const view = new DataView(header.buffer);
    const length = view.getUint32(0, true);
    if (offset + DELTA_HEADER_BYTES + length > stream.end)
      return passOver(stream.damagedAt(offset, "a row change"));
    const body = new Uint8Array(length);
    stream.read(body, offset + DELTA_HEADER_BYTES);
    if (checksum(body, offset) === view.getUint32(4, true))
      yield (decodeValue(body) as readonly StoredChange[]).map(storedToChange);
    else passOver(stream.damagedAt(offset, "a row change"));
    offset += DELTA_HEADER_BYTES + length;
  }
}
