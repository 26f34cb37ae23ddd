// Whether a text is Unicode. A lone surrogate is not: neither UTF-8 nor SQLite can hold one.

const loneSurrogate = /\p{Surrogate}/u;
const { isWellFormed: native } = String.prototype as { isWellFormed?: (this: string) => boolean };

/** False for text with a lone surrogate. Cost: a scan; none where the runtime keeps the text as Latin-1. */
export function isWellFormedText(text: string): boolean {
  return native === undefined ? !loneSurrogate.test(text) : native.call(text);
}
