// Columns of ids, documents and uris.

import { invalidArgument } from "../../src/protocol/request-error.ts";
import { isWellFormedText } from "../well-formed.ts";
import { assertWellFormed, invalidType, parseSequence, pathOf } from "./shape.ts";

/** Ids as they came, duplicates and all; on a read an empty one is legal and finds nothing. */
export function parseIds(value: unknown): readonly string[] {
  const ids = parseSequence(value, "ids");
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i];
    if (typeof id !== "string") throw invalidType(pathOf("ids", i), id, "a string");
    if (!isWellFormedText(id)) assertWellFormed(id, pathOf("ids", i));
  }
  return ids as readonly string[];
}

/** Ids of records to write. */
export function assertIdsNotEmpty(ids: readonly string[]): void {
  if (ids.includes("")) throw invalidArgument("Empty ID, ID must have at least one character");
}

/** One text or null a record. */
export function parseTexts(value: unknown, path: string): readonly (string | null)[] {
  // Not `map`, which would leave the holes of a sparse array in.
  return Array.from(parseSequence(value, path), (text, index) => {
    if (text === null || text === undefined) return null;
    if (typeof text !== "string") throw invalidType(pathOf(path, index), text, "a string");
    if (!isWellFormedText(text)) assertWellFormed(text, pathOf(path, index));
    return text;
  });
}
