// Kinds of values that a setting or an argument may have, and how each is read: from code, where a
// JavaScript caller may give a text for a number, and from the environment, where all is text.

import { ChromaValueError } from "chromadb";

/** How values of one kind are read. */
export interface Kind<Value> {
  /** What a value has to be, as an error says it. */
  readonly expected: string;
  /** The value, or undefined where it is none of this kind. */
  read(given: unknown): Value | undefined;
}

/** True and false, and the words that Python's settings take for them. */
export const boolean: Kind<boolean> = {
  expected: "a boolean",
  read(given) {
    const word = String(given).trim().toLowerCase();
    if (["true", "1", "t", "yes", "y", "on"].includes(word)) return true;
    return ["false", "0", "f", "no", "n", "off"].includes(word) ? false : undefined;
  },
};

export const number: Kind<number> = {
  expected: "a number",
  read(given) {
    const value = typeof given === "string" && given.trim() !== "" ? Number(given) : given;
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
  },
};

export const integer: Kind<number> = {
  expected: "an integer",
  read(given) {
    const value = number.read(given);
    return Number.isSafeInteger(value) ? value : undefined;
  },
};

/** Text, and what has an obvious one. */
export const text: Kind<string> = {
  expected: "a string",
  read: (given) => (["string", "number", "boolean"].includes(typeof given) ? String(given) : undefined),
};

/** One of a few texts. */
export function oneOf<Choice extends string>(...choices: readonly Choice[]): Kind<Choice> {
  return {
    expected: `one of ${choices.join(", ")}`,
    read: (given) => choices.find((choice) => choice === given),
  };
}

/** A list of texts; in the environment, as JSON. */
export const texts: Kind<readonly string[]> = {
  expected: "a list of strings",
  read(given) {
    const value = fromJson(given);
    return Array.isArray(value) && value.every((each) => typeof each === "string") ? value : undefined;
  },
};

/** Values by name; in the environment, as JSON. */
export function byName<Value>(kind: Kind<Value>): Kind<Readonly<Record<string, Value>>> {
  return {
    expected: `an object, each value ${kind.expected}`,
    read(given) {
      const object = fromJson(given);
      if (typeof object !== "object" || object === null || Array.isArray(object)) return undefined;
      const read = Object.entries(object).map(([name, value]) => [name, kind.read(value)] as const);
      return read.every(([, value]) => value !== undefined)
        ? (Object.fromEntries(read) as Record<string, Value>)
        : undefined;
    },
  };
}

/**
 * A value of `kind`, or what is wrong with it.
 * @param name  what the caller knows the value by
 * @throws {ChromaValueError}  it is of another kind
 */
export function mustRead<Value>(kind: Kind<Value>, name: string, given: unknown): Value {
  const value = kind.read(given);
  if (value !== undefined) return value;
  throw new ChromaValueError(`Expected ${name} to be ${kind.expected}, but got ${JSON.stringify(given)}`);
}

function fromJson(given: unknown): unknown {
  if (typeof given !== "string") return given;
  try {
    return JSON.parse(given) as unknown;
  } catch {
    return undefined;
  }
}
