// JSON, read piece by piece and without loss. JSON.parse makes 1.0 an int and rounds 2^53 + 1; here a
// float stays a float (`IntegralFloat`), a long int becomes a bigint, and a caller may read an array of
// numbers straight into memory of its own. Refuses what serde_json refuses, in its words: lone
// surrogates, numbers beyond a double; nesting only beyond what a filter may have.

import { FILTER_NESTING_MAX } from "../../src/protocol/limits.ts";
import { type IntegralFloat, isIntegralFloat } from "../../src/protocol/metadata.ts";
import { type RequestError, wrongShape } from "../../src/protocol/request-error.ts";
import { JsonError } from "./json-error.ts";
import { scanNumber } from "./scan-number.ts";
import { scanString } from "./scan-string.ts";

/** A level of $and is an object and an array, and a few stand around them. serde_json stops at 127. */
const DEPTH_MAX = 2 * FILTER_NESTING_MAX + 8;
/** A longer int does not fit 64 bits, and would take BigInt the square of its length. */
const INT_CHARACTERS_MAX = 20;
const INT64_END = 2 ** 63;

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** What the next value is, by its first character. */
export type JsonKind = "object" | "array" | "string" | "number" | "other";

/** A position in a text, and what can be read from there. Every method throws `JsonError`. */
export class JsonReader {
  readonly text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Where it stands; may be set back to a position it had before. */
  get position(): number {
    return this.#at;
  }

  set position(position: number) {
    this.#at = position;
  }

  /** The kind of the value ahead; its syntax is not looked at. */
  peek(): JsonKind {
    switch (this.#next()) {
      case OPEN_BRACE:
        return "object";
      case OPEN_BRACKET:
        return "array";
      case QUOTE:
        return "string";
      default:
        return this.#isNumberAhead() ? "number" : "other";
    }
  }

  /**
   * Any value. Of two fields of one name the later counts; `__proto__` is a name like any other.
   * @throws {RequestError}  422: an object that reads as an `IntegralFloat`
   */
  value(): unknown {
    switch (this.peek()) {
      case "object": {
        const fields: Record<string, unknown> = {};
        this.object((key) => setField(fields, key, this.value()));
        if (isIntegralFloat(fields)) throw reservedField();
        return fields;
      }
      case "array": {
        const items: unknown[] = [];
        this.array(() => items.push(this.value()));
        return items;
      }
      case "string":
        return this.string();
      case "number":
        return this.#number();
      default:
        return this.#literal();
    }
  }

  /** An object, of which `readField` reads each value. */
  object(readField: (key: string) => void): void {
    this.#open();
    for (let key = this.#key(true); key !== undefined; key = this.#key(false)) {
      if (this.#next() !== COLON) throw this.#misfit("expected `:`", "EOF while parsing an object");
      this.#at += 1;
      try {
        readField(key);
      } catch (error) {
        throw within(error, key);
      }
    }
    this.#depth -= 1;
  }

  /** An array, of which `readItem` reads each item. */
  array(readItem: (index: number) => void): void {
    this.#open();
    let index = 0;
    while (!this.#isAtEnd(CLOSE_BRACKET, index === 0)) {
      try {
        readItem(index);
      } catch (error) {
        throw within(error, index);
      }
      index += 1;
    }
    this.#depth -= 1;
  }

  string(): string {
    const { value, end } = scanString(this.text, this.#at);
    this.#at = end;
    return value;
  }

  /**
   * An array of numbers, as the nearest doubles, into `into`, whose former content is dropped.
   * @returns  false where an item is no number; the array was read to its end all the same
   */
  numbers(into: number[]): boolean {
    let fits = true;
    into.length = 0;
    this.array(() => {
      if (this.peek() !== "number") {
        this.value();
        fits = false;
        return;
      }
      const { value, end } = scanNumber(this.text, this.#at);
      this.#at = end;
      into.push(value);
    });
    return fits;
  }

  /** Nothing but white space may follow. */
  end(): void {
    if (!Number.isNaN(this.#next())) throw this.#misfit("trailing characters");
  }

  #number(): number | bigint | IntegralFloat {
    const start = this.#at;
    const { value, end, isInt } = scanNumber(this.text, start);
    this.#at = end;
    // As on Chroma's server, the int -0 is a float, and so is what 64 bits cannot hold.
    if (!isInt || Object.is(value, -0) || end - start > INT_CHARACTERS_MAX) return toFloat(value);
    if (Number.isSafeInteger(value)) return value;
    const int = BigInt(this.text.slice(start, end));
    return BigInt.asIntN(64, int) === int ? int : toFloat(value);
  }

  #literal(): boolean | null {
    for (const [word, value] of literals) {
      if (this.text[this.#at] !== word[0]) continue;
      for (let index = 1; index < word.length; index++) {
        if (this.text[this.#at + index] === word[index]) continue;
        this.#at += index;
        throw this.#misfit("expected ident");
      }
      this.#at += word.length;
      return value;
    }
    throw this.#misfit("expected value");
  }

  /** The next key of an object; undefined at the object's end. */
  #key(isFirst: boolean): string | undefined {
    try {
      if (this.#isAtEnd(CLOSE_BRACE, isFirst)) return undefined;
      if (this.#next() !== QUOTE) throw this.#misfit("key must be a string");
      return this.string();
    } catch (error) {
      // So the server calls a field whose name it has not read, but for those of the body itself.
      throw this.#depth > 1 ? within(error, "?") : error;
    }
  }

  #open(): void {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw this.#misfit("recursion limit exceeded");
    this.#at += 1;
  }

  /** Passes over what stands between two values, or ends the object or array. */
  #isAtEnd(closer: number, isFirst: boolean): boolean {
    const isObject = closer === CLOSE_BRACE;
    const atEnd = `EOF while parsing ${isObject ? "an object" : "a list"}`;
    const next = this.#next();
    if (next === closer) {
      this.#at += 1;
      return true;
    }
    if (isFirst) {
      if (Number.isNaN(next)) throw this.#misfit("", atEnd);
      return false;
    }
    if (next !== COMMA) throw this.#misfit(`expected \`,\` or \`${isObject ? "}" : "]"}\``, atEnd);
    this.#at += 1;
    const after = this.#next();
    if (after === closer) throw this.#misfit("trailing comma");
    if (Number.isNaN(after)) throw this.#misfit("");
    return false;
  }

  /** Passes over white space; NaN at the text's end. */
  #next(): number {
    for (;;) {
      const code = this.text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return code;
      this.#at += 1;
    }
  }

  #isNumberAhead(): boolean {
    const code = this.text.charCodeAt(this.#at);
    return code === MINUS || (code >= DIGIT_0 && code <= DIGIT_9);
  }

  /** The character here does not fit; or there is none, which is another problem. */
  #misfit(problem: string, atEnd = "EOF while parsing a value"): JsonError {
    const isEnd = this.#at >= this.text.length;
    return new JsonError(isEnd ? atEnd : problem, this.#at, !isEnd);
  }
}

const literals: readonly (readonly [string, boolean | null])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

/** What looks like our own mark of a float, and is none. */
function reservedField(): RequestError {
  return wrongShape("Failed to deserialize the JSON body into the target type: `#float` alone is no object");
}

function within(error: unknown, key: string | number): unknown {
  return error instanceof JsonError ? error.inside(key) : error;
}

function setField(fields: Record<string, unknown>, key: string, value: unknown): void {
  // An assignment would change the prototype.
  if (key === "__proto__") {
    Object.defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true });
  } else fields[key] = value;
}

/** Marked where a number alone would be an int: only there must the difference be kept. */
function toFloat(value: number): number | IntegralFloat {
  const isLikeInt = Number.isInteger(value) && value >= -INT64_END && value < INT64_END;
  return isLikeInt ? { "#float": value } : value;
}
