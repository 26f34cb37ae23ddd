// Whether a collection's schema lets a filter use a key. Chroma (1.3.4) refuses a filter on an index that
// is switched off, on get, query and delete alike.

import { invalidArgument } from "../../src/protocol/request-error.ts";
import type { ValueType } from "../requests/metadata-value.ts";
import { DOCUMENT_KEY } from "../requests/schema.ts";
import type { CollectionRecord } from "./record.ts";
import { mustGetSchema } from "./schema.ts";

/** Names of the types in the server's text. */
const typeNames: Readonly<Record<ValueType, string>> = {
  string: "Str",
  int: "Int",
  float: "Float",
  bool: "Bool",
};

/**
 * @param type  of the value that `key` is compared with
 * @throws {RequestError}  400 when the index for it is off
 */
export function assertFilterable(record: CollectionRecord, key: string, type: ValueType): void {
  const { keys, defaults } = mustGetSchema(record);
  const index = `${type}_inverted_index`;
  const setting = keys[key]?.[type]?.[index] ?? defaults[type]?.[index];
  if (setting?.enabled !== false) return;
  throw invalidArgument(
    `Cannot filter using metadata key '${key}' with type '${typeNames[type]}' because indexing is disabled`,
  );
}

/** For every operator on the text of documents. @throws {RequestError}  400 when it is off */
export function assertDocumentsSearchable(record: CollectionRecord): void {
  const setting = mustGetSchema(record).keys[DOCUMENT_KEY]?.["string"]?.["fts_index"];
  if (setting?.enabled !== false) return;
  throw invalidArgument("Cannot filter using full-text search because FTS indexing is disabled");
}
