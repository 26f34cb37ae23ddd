// Plain data as MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md), as far as our files
// use it. Ours because it is a fifth of the library's size in a worker that every page loads; the library
// is the oracle of its test.

const encoder = new TextEncoder();

/** Longer strings go through TextEncoder, shorter ones are faster by hand. */
const SHORT_TEXT_UNITS = 32;
const INT_32_MIN = -(2 ** 31);
const UINT_32_MAX = 2 ** 32 - 1;

let bytes = new Uint8Array(4096);
let view = new DataView(bytes.buffer);
let end = 0;

/**
 * Null, booleans, numbers, bigints within 64 bits, well-formed strings, Uint8Array, arrays and plain objects
 * of those. Properties that are undefined are left out; undefined elsewhere is null. A number stays a number:
 * integers within 32 bits are written as such, others as f64; a bigint is an int64 and stays a bigint.
 *
 * @throws {TypeError}  anything else
 */
export function encodeValue(value: unknown): Uint8Array {
  end = 0;
  write(value);
  return bytes.slice(0, end);
}

function write(value: unknown): void {
  switch (typeof value) {
    case "string":
      writeString(value);
      break;
    case "number":
      writeNumber(value);
      break;
    case "boolean":
      writeByte(value ? 0xc3 : 0xc2);
      break;
    case "bigint":
      reserve(9);
      bytes[end] = 0xd3;
      view.setBigInt64(end + 1, value);
      end += 9;
      break;
    case "undefined":
      writeByte(0xc0);
      break;
    case "object":
      writeObject(value);
      break;
    default:
      throw new TypeError(`a ${typeof value} was given, expected plain data`);
  }
}

function writeObject(value: object | null): void {
  if (value === null) {
    writeByte(0xc0);
  } else if (Array.isArray(value)) {
    writeLength(value.length, 0x90, 16, undefined, 0xdc, 0xdd);
    for (const item of value) write(item);
  } else if (value instanceof Uint8Array) {
    writeLength(value.length, 0, 0, 0xc4, 0xc5, 0xc6);
    reserve(value.length);
    bytes.set(value, end);
    end += value.length;
  } else {
    const properties = value as Readonly<Record<string, unknown>>;
    const keys = Object.keys(properties).filter((key) => properties[key] !== undefined);
    writeLength(keys.length, 0x80, 16, undefined, 0xde, 0xdf);
    for (const key of keys) {
      writeString(key);
      write(properties[key]);
    }
  }
}

function writeNumber(value: number): void {
  reserve(9);
  if (!Number.isInteger(value) || value < INT_32_MIN || value > UINT_32_MAX) {
    bytes[end] = 0xcb;
    view.setFloat64(end + 1, value);
    end += 9;
  } else if (value >= 0) {
    if (value < 0x80) bytes[end++] = value;
    else writeUnsigned(value, 0xcc, 0xcd, 0xce);
  } else if (value >= -0x20) {
    bytes[end++] = value & 0xff;
  } else {
    writeSigned(value);
  }
}

function writeUnsigned(value: number, tag8: number | undefined, tag16: number, tag32: number): void {
  if (tag8 !== undefined && value < 2 ** 8) {
    bytes[end] = tag8;
    bytes[end + 1] = value;
    end += 2;
  } else if (value < 2 ** 16) {
    bytes[end] = tag16;
    view.setUint16(end + 1, value);
    end += 3;
  } else {
    bytes[end] = tag32;
    view.setUint32(end + 1, value);
    end += 5;
  }
}

function writeSigned(value: number): void {
  if (value >= -(2 ** 7)) {
    bytes[end] = 0xd0;
    view.setInt8(end + 1, value);
    end += 2;
  } else if (value >= -(2 ** 15)) {
    bytes[end] = 0xd1;
    view.setInt16(end + 1, value);
    end += 3;
  } else {
    bytes[end] = 0xd2;
    view.setInt32(end + 1, value);
    end += 5;
  }
}

/** A length: in the tag itself below `shortMax`, else behind a tag for 8, 16 or 32 bits. */
function writeLength(
  length: number,
  shortTag: number,
  shortMax: number,
  tag8: number | undefined,
  tag16: number,
  tag32: number,
): void {
  reserve(5);
  if (length < shortMax) bytes[end++] = shortTag | length;
  else writeUnsigned(length, tag8, tag16, tag32);
}

function writeString(text: string): void {
  // A UTF-16 unit takes at most three bytes of UTF-8; the length comes first, so its size is settled first.
  const most = text.length * 3;
  reserve(5 + most);
  if (text.length < SHORT_TEXT_UNITS && writeAscii(text)) return;
  const headBytes = most < 32 ? 1 : most < 2 ** 8 ? 2 : most < 2 ** 16 ? 3 : 5;
  const { written } = encoder.encodeInto(text, bytes.subarray(end + headBytes));
  const start = end;
  if (headBytes === 1) bytes[start] = 0xa0 | written;
  else if (headBytes === 2) view.setUint16(start, 0xd900 | written);
  else if (headBytes === 3) {
    bytes[start] = 0xda;
    view.setUint16(start + 1, written);
  } else {
    bytes[start] = 0xdb;
    view.setUint32(start + 1, written);
  }
  end = start + headBytes + written;
}

/** Writes a short text of ASCII alone; false, and nothing kept, for any other. */
function writeAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) return false;
    bytes[end + 1 + i] = unit;
  }
  bytes[end] = 0xa0 | text.length;
  end += 1 + text.length;
  return true;
}

function writeByte(byte: number): void {
  reserve(1);
  bytes[end++] = byte;
}

function reserve(more: number): void {
  if (end + more <= bytes.length) return;
  const grown = new Uint8Array(Math.max(end + more, bytes.length * 2));
  grown.set(bytes.subarray(0, end));
  bytes = grown;
  view = new DataView(bytes.buffer);
}
