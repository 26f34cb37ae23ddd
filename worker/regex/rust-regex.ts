// Patterns in the dialect of Rust's `regex` crate, which Chroma's server speaks, as RE2 syntax.
// What differs: \w, \d, \s and \b mean Unicode in Rust and ASCII in RE2; escapes of code points; names of
// some properties. What is known to differ otherwise is a syntax error, never a different match.
// Source: the tests of regex 1.3 to 1.12 on Unicode, and Unicode TS 18, annex C; \b: `WordBoundaryMatcher`.

import { isWord } from "./word-boundary.ts";

/** A pattern as RE2 reads it. */
export interface TranslatedPattern {
  readonly pattern: string;
  /** It has \b or \B, which RE2 would take for ASCII. */
  readonly hasWordBoundary: boolean;
}

/** Members of \w: alphabetic, marks, decimal digits, connectors, joiners (Unicode TS 18, annex C). */
const WORD = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\x{200c}\\x{200d}";
/** Members of \s: the property White_Space. */
const SPACE = "\\t-\\r\\x{85}\\p{Z}";
const NOT_SPACE =
  "\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{84}\\x{86}-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}" +
  "\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{10ffff}";

/** Escapes outside of brackets. */
const ESCAPES = new Map([
  ["d", "\\p{Nd}"],
  ["D", "\\P{Nd}"],
  ["w", `[${WORD}]`],
  ["W", `[^${WORD}]`],
  ["s", `[${SPACE}]`],
  ["S", `[^${SPACE}]`],
]);

/** Escapes inside of brackets; \W has no short form there and is spelt out by `notWord`. */
const CLASS_ESCAPES = new Map([
  ["d", "\\p{Nd}"],
  ["D", "\\P{Nd}"],
  ["w", WORD],
  ["s", SPACE],
  ["S", NOT_SPACE],
]);

/** General categories by the long names that Rust knows and RE2 does not; compared without case, _, - and space. */
const CATEGORIES = new Map([
  ["letter", "L"],
  ["uppercaseletter", "Lu"],
  ["lowercaseletter", "Ll"],
  ["titlecaseletter", "Lt"],
  ["mark", "M"],
  ["number", "N"],
  ["decimalnumber", "Nd"],
  ["punctuation", "P"],
  ["symbol", "S"],
  ["separator", "Z"],
  ["other", "C"],
  ["alphabetic", "Alphabetic"],
  ["uppercase", "Uppercase"],
  ["lowercase", "Lowercase"],
]);

let notWordRanges: string | undefined;

/** Everything that is no member of \w, as ranges of a class. About 50 ms, once. */
function notWord(): string {
  if (notWordRanges !== undefined) return notWordRanges;
  const ranges: string[] = [];
  for (let start = -1, codePoint = 0; codePoint <= 0x110000; codePoint++) {
    const ends = codePoint === 0x110000 || isWord(codePoint);
    if (!ends && start < 0) start = codePoint;
    if (!ends || start < 0) continue;
    ranges.push(`\\x{${start.toString(16)}}-\\x{${(codePoint - 1).toString(16)}}`);
    start = -1;
  }
  return (notWordRanges = ranges.join(""));
}

/** @throws {SyntaxError}  the pattern uses what RE2 cannot say */
export function translateRustRegex(source: string): TranslatedPattern {
  return new Translation(source).run();
}

class Translation {
  readonly #source: string;
  #at = 0;
  #pattern = "";
  #hasWordBoundary = false;

  constructor(source: string) {
    this.#source = source;
  }

  run(): TranslatedPattern {
    while (this.#at < this.#source.length) {
      const character = this.#source[this.#at]!;
      if (character === "\\") this.#escape(ESCAPES);
      else if (character === "[") this.#brackets();
      else if (this.#source.startsWith("(?", this.#at)) this.#group();
      else this.#copy(1);
    }
    return { pattern: this.#pattern, hasWordBoundary: this.#hasWordBoundary };
  }

  #copy(length: number): void {
    this.#pattern += this.#source.slice(this.#at, this.#at + length);
    this.#at += length;
  }

  #replace(length: number, replacement: string): void {
    this.#pattern += replacement;
    this.#at += length;
  }

  #escape(escapes: ReadonlyMap<string, string>): void {
    const letter = this.#source[this.#at + 1] ?? "";
    const replacement = letter === "W" && escapes === CLASS_ESCAPES ? notWord() : escapes.get(letter);
    if (replacement !== undefined) this.#replace(2, replacement);
    else if ("uU".includes(letter) && letter !== "") this.#codePoint();
    else if (letter === "p" || letter === "P") this.#property();
    else if ("bB".includes(letter) && letter !== "") this.#wordBoundary(escapes);
    else if (/[0-9CQEGKRXZhN<>]/.test(letter)) {
      throw new SyntaxError(`unrecognized or unsupported escape sequence: \`\\${letter}\``);
    } else this.#copy(2);
  }

  #wordBoundary(escapes: ReadonlyMap<string, string>): void {
    if (escapes === CLASS_ESCAPES || this.#source[this.#at + 2] === "{") {
      throw new SyntaxError("unsupported kind of word boundary");
    }
    this.#hasWordBoundary = true;
    this.#copy(2);
  }

  /** \u00e9, \U0001f600, \u{1f600}, \U{1f600} */
  #codePoint(): void {
    const rest = this.#source.slice(this.#at);
    const [escape, braced, four, eight] =
      /^\\(?:[uU]\{([0-9a-fA-F]{1,8})\}|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(rest) ?? [];
    if (escape === undefined) throw new SyntaxError("invalid hexadecimal code point");
    this.#replace(escape.length, `\\x{${braced ?? four ?? eight}}`);
  }

  /** Long names of categories, and the `gc=`, `sc=` and `scx=` that name the property. */
  #property(): void {
    const [escape, sign, name] = /^\\([pP])\{([^}]*)\}/.exec(this.#source.slice(this.#at)) ?? [];
    if (escape === undefined || name === undefined) {
      this.#copy(3);
      return;
    }
    const isNegated = name.startsWith("^") !== (sign === "P");
    const value = name.replace(/^\^/, "").replace(/^(?:gc|general_category|sc|script|scx)[=:]/i, "");
    const category = CATEGORIES.get(value.toLowerCase().replaceAll(/[-_ ]/g, ""));
    this.#replace(escape.length, `\\${isNegated ? "P" : "p"}{${category ?? value}}`);
  }

  #brackets(): void {
    this.#copy(this.#source[this.#at + 1] === "^" ? 2 : 1);
    let isFirst = true;
    for (; this.#at < this.#source.length; isFirst = false) {
      const character = this.#source[this.#at]!;
      if (character === "]" && !isFirst) {
        this.#copy(1);
        return;
      }
      if (character === "\\") this.#escape(CLASS_ESCAPES);
      else this.#classMember(character);
    }
  }

  #classMember(character: string): void {
    const rest = this.#source.slice(this.#at);
    const named = /^\[:\^?[a-z]+:\]/.exec(rest)?.[0];
    if (named !== undefined) this.#copy(named.length);
    else if (character === "[") throw new SyntaxError("nested character classes are not supported");
    else if (/^(?:&&|--|~~)/.test(rest)) {
      throw new SyntaxError("set operations in character classes are not supported");
    } else this.#copy(1);
  }

  /** Unicode is what the flag u asks for, and always on. */
  #group(): void {
    const flags = /^\(\?([a-zA-Z]*)(-[a-zA-Z]+)?([:)])/.exec(this.#source.slice(this.#at));
    if (flags === null) {
      this.#copy(2);
      return;
    }
    const [group, on = "", off = "", end = ""] = flags;
    const kept = on.replaceAll("u", "") + off;
    // A group of flags that leaves none is no group at all to RE2.
    this.#replace(group.length, kept === "" && end === ")" ? "" : `(?${kept}${end}`);
  }
}
