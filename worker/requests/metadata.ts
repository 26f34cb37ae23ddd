// Metadata of collections and of records. Objects that need no change are handed on as they came: an add
// of 10,000 records must not pay for copies. So keys are always asked for with Object.keys, here and by
// every reader: `__proto__` and `constructor` are keys like any other.

import type { Metadata, MetadataPatch, MetadataValue } from "../../src/protocol/metadata.ts";
import { invalidArgument, notImplemented, type RequestError } from "../../src/protocol/request-error.ts";
import { isWellFormedText } from "../well-formed.ts";
import { isSparseVector, parseMetadataValue } from "./metadata-value.ts";
import { assertWellFormed, misfit, parseMap, parseSequence, pathOf, type Fields } from "./shape.ts";
import type { Problem } from "./validation.ts";

/** What null means as a value: an error on the first write, "delete this key" on a later one. */
type NullMeans = "error" | "delete";

const RESERVED_PREFIX = "chroma:";

/** The metadata of a new collection. Its keys are checked by `metadataProblem`. */
export function parseCollectionMetadata(value: unknown, path: string): Metadata {
  return parseValues(parseMap(value, path), path, "error") as Metadata;
}

/** Metadata that replaces a collection's whole; null when only nulls are left of it. */
export function parseNewCollectionMetadata(value: unknown, path: string): Metadata | null {
  const patch = parseValues(parseMap(value, path), path, "delete");
  const kept: Record<string, MetadataValue> = Object.create(null);
  for (const [key, item] of Object.entries(patch)) if (item !== null) kept[key] = item;
  const onlyNulls = Object.keys(patch).length > 0 && Object.keys(kept).length === 0;
  return onlyNulls ? null : kept;
}

/** Chroma's rules for the metadata of a collection (1.3.4). */
export function metadataProblem(metadata: Metadata | null | undefined): Problem {
  if (metadata === null || metadata === undefined) return undefined;
  const keys = Object.keys(metadata);
  if (keys.length === 0) return "Metadata cannot be empty";
  for (const key of keys) {
    if (key === "") return "Metadata key cannot be empty";
    if (isSigil(key)) return `Metadata key cannot start with '#' or '$': ${key}`;
  }
  return undefined;
}

/** One entry a new record; metadata without a key is null. */
export function parseRecordMetadatas(value: unknown, path: string): (Metadata | null)[] {
  return parseColumn(value, path, "error") as (Metadata | null)[];
}

/** One entry a record to change; a patch without a key is null. */
export function parseRecordPatches(value: unknown, path: string): (MetadataPatch | null)[] {
  return parseColumn(value, path, "delete");
}

function parseColumn(value: unknown, path: string, nullMeans: NullMeans): (MetadataPatch | null)[] {
  // Not `map`, which would leave the holes of a sparse array in.
  return Array.from(parseSequence(value, path), (item, index) => {
    if (item === null || item === undefined) return null;
    const at = pathOf(path, index);
    const patch = parseValues(parseMap(item, at), at, nullMeans, true);
    const keys = Object.keys(patch);
    for (const key of keys) assertRecordKey(key, index);
    return keys.length === 0 ? null : patch;
  });
}

/**
 * Reads the values of one metadata object.
 * @param emptyArrays  true: an empty array counts as no value, as it does in a record
 */
function parseValues(source: Fields, path: string, nullMeans: NullMeans, emptyArrays = false): MetadataPatch {
  let unchanged = true;
  for (const key of Object.keys(source)) {
    const value = parseValue(source[key], path, key, nullMeans);
    unchanged &&= value !== undefined && Object.is(value, source[key]) && !(emptyArrays && isEmpty(value));
  }
  return unchanged ? (source as MetadataPatch) : rebuild(source, path, nullMeans, emptyArrays);
}

function rebuild(source: Fields, path: string, nullMeans: NullMeans, emptyArrays: boolean): MetadataPatch {
  const patch: Record<string, MetadataValue | null> = Object.create(null);
  for (const key of Object.keys(source)) {
    const value = parseValue(source[key], path, key, nullMeans);
    if (value === undefined) continue;
    if (!emptyArrays || !isEmpty(value)) patch[key] = value;
    else if (nullMeans === "delete") patch[key] = null;
  }
  return patch;
}

function isEmpty(value: MetadataValue | null): boolean {
  return Array.isArray(value) && value.length === 0;
}

function parseValue(
  value: unknown,
  path: string,
  key: string,
  nullMeans: NullMeans,
): MetadataValue | null | undefined {
  if (value === undefined || (value === null && nullMeans === "delete")) return value;
  assertWellFormedAt(key, path, key);
  const parsed = parseMetadataValue(value);
  if (parsed === undefined) throw unusable(value, path, key, nullMeans);
  if (typeof parsed === "string") assertWellFormedAt(parsed, path, key);
  else if (Array.isArray(parsed) && typeof parsed[0] === "string") {
    for (const item of parsed as readonly string[]) assertWellFormedAt(item, path, key);
  }
  return parsed;
}

function unusable(value: unknown, path: string, key: string, nullMeans: NullMeans): RequestError {
  if (isSparseVector(value)) {
    return notImplemented(`Unimplemented: Sparse vector is not supported for local chroma: ${key}`);
  }
  const type = nullMeans === "error" ? "MetadataValue" : "UpdateMetadataValue";
  return misfit(pathOf(path, key), `data did not match any variant of untagged enum ${type}`);
}

function assertRecordKey(key: string, index: number): void {
  if (key === "" || isSigil(key)) {
    throw invalidArgument(`Validation error: metadatas: Invalid metadata at index ${index}`);
  }
  // Chroma stores a key of this prefix, hides it in every reply and reads chroma:document as the document.
  if (key.startsWith(RESERVED_PREFIX)) {
    throw invalidArgument(
      `Validation error: metadatas: Invalid metadata at index ${index}: ` +
        `keys that start with '${RESERVED_PREFIX}' are reserved: ${key}`,
    );
  }
}

function isSigil(key: string): boolean {
  return key.startsWith("#") || key.startsWith("$");
}

/** The path is put together for an error only: this runs for every key and value. */
function assertWellFormedAt(text: string, path: string, key: string): void {
  if (isWellFormedText(text)) return;
  assertWellFormed(text, pathOf(path, key));
}
