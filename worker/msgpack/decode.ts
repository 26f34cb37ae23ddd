// MessagePack as plain data: what `encodeValue` writes, and the other forms of the same types.

import { Failure } from "../../src/protocol/failure.ts";

// A text may begin with a byte order mark, and keeps it.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const SHORT_TEXT_BYTES = 24;

/** Reads one value from bytes that have passed their checksum. */
class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(): unknown {
    const tag = this.#view.getUint8(this.#at++);
    if (tag < 0x80) return tag;
    if (tag < 0x90) return this.#map(tag & 0x0f);
    if (tag < 0xa0) return this.#array(tag & 0x0f);
    if (tag < 0xc0) return this.#text(tag & 0x1f);
    if (tag >= 0xe0) return tag - 0x100;
    return this.#tagged(tag);
  }

  #tagged(tag: number): unknown {
    switch (tag) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
        return this.#binary(this.#unsigned(1));
      case 0xc5:
        return this.#binary(this.#unsigned(2));
      case 0xc6:
        return this.#binary(this.#unsigned(4));
      case 0xcb:
        return this.#view.getFloat64(this.#advance(8));
      case 0xcc:
        return this.#unsigned(1);
      case 0xcd:
        return this.#unsigned(2);
      case 0xce:
        return this.#unsigned(4);
      case 0xcf:
        return this.#view.getBigUint64(this.#advance(8));
      case 0xd0:
        return this.#view.getInt8(this.#advance(1));
      case 0xd1:
        return this.#view.getInt16(this.#advance(2));
      case 0xd2:
        return this.#view.getInt32(this.#advance(4));
      case 0xd3:
        return this.#view.getBigInt64(this.#advance(8));
      case 0xd9:
        return this.#text(this.#unsigned(1));
      case 0xda:
        return this.#text(this.#unsigned(2));
      case 0xdb:
        return this.#text(this.#unsigned(4));
      case 0xdc:
        return this.#array(this.#unsigned(2));
      case 0xdd:
        return this.#array(this.#unsigned(4));
      case 0xde:
        return this.#map(this.#unsigned(2));
      case 0xdf:
        return this.#map(this.#unsigned(4));
      default:
        throw new Failure("corrupt", `a value has the unknown tag ${tag}`, { offset: this.#at - 1 });
    }
  }

  #advance(length: number): number {
    const at = this.#at;
    this.#at += length;
    return at;
  }

  #unsigned(length: 1 | 2 | 4): number {
    const at = this.#advance(length);
    if (length === 1) return this.#view.getUint8(at);
    return length === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  #binary(length: number): Uint8Array {
    const at = this.#advance(length);
    return this.#bytes.slice(at, at + length);
  }

  #array(length: number): unknown[] {
    const items: unknown[] = [];
    for (let i = 0; i < length; i++) items.push(this.read());
    return items;
  }

  #map(length: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    for (let i = 0; i < length; i++) {
      const key = this.read() as string;
      setOwn(map, key, this.read());
    }
    return map;
  }

  #text(length: number): string {
    const start = this.#advance(length);
    const end = start + length;
    if (length <= SHORT_TEXT_BYTES) {
      let text = "";
      for (let at = start; ; at++) {
        if (at === end) return text;
        const byte = this.#bytes[at]!;
        if (byte >= 0x80) break;
        text += String.fromCharCode(byte);
      }
    }
    return decoder.decode(this.#bytes.subarray(start, end));
  }
}

/**
 * What `encodeValue` was given, less properties that were undefined. Byte arrays are copies.
 * @throws {Failure}  "corrupt" for a tag that is not ours
 */
export function decodeValue(bytes: Uint8Array): unknown {
  return new Reader(bytes).read();
}

/** Assignment would call the setter of `__proto__`, a legal key of metadata. */
export function setOwn<T>(target: Record<string, T>, key: string, value: T): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  } else {
    target[key] = value;
  }
}
