// Values as bytes: MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md), with bigints as
// 64-bit integers. The library refuses to decode a key named __proto__, which is a legal metadata key:
// an object that has one is written as extension 1, a list of its keys and values.

import { Decoder, Encoder, ExtensionCodec } from "@msgpack/msgpack";

const PAIRS_EXTENSION = 1;

const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: PAIRS_EXTENSION,
  encode: (value) =>
    typeof value === "object" && value !== null && Object.hasOwn(value, "__proto__")
      ? encodeValue(Object.entries(value).flat())
      : null,
  decode: (bytes) => {
    const pairs = decodeValue(bytes) as unknown[];
    const value = {};
    for (let i = 0; i < pairs.length; i += 2) {
      const property = { value: pairs[i + 1], enumerable: true, writable: true, configurable: true };
      Object.defineProperty(value, pairs[i] as string, property);
    }
    return value;
  },
});

const options = { extensionCodec, useBigInt64: true, ignoreUndefined: true, maxDepth: 1000 };
const encoder = new Encoder(options);
const decoder = new Decoder(options);

/** Plain data as bytes: objects, arrays, strings, numbers, bigints, booleans, null, Uint8Array. */
export function encodeValue(value: unknown): Uint8Array {
  return encoder.encode(value);
}

/** What `encodeValue` was given, less properties that were undefined. Byte arrays are copies. */
export function decodeValue(bytes: Uint8Array): unknown {
  return decoder.decode(bytes);
}
