// Metadata keys that writes have shown to a collection, with their types: Chroma lists them in its schema.

import type { MetadataPatch } from "../../src/protocol/metadata.ts";
import { valueType, type ValueType } from "../requests/metadata-value.ts";
import type { SchemaKey } from "./record.ts";

type TypesByKey = Map<string, Set<ValueType>>;

/** Lists are never changed in place, so a list's index holds as long as the list. */
const indexByList = new WeakMap<readonly SchemaKey[], TypesByKey>();

/**
 * Keys and types in `metadatas` that `known` has not; undefined when there are none.
 * Cost: two lookups a value.
 */
export function newSchemaKeys(
  known: readonly SchemaKey[],
  metadatas: readonly (MetadataPatch | null)[],
): readonly SchemaKey[] | undefined {
  const knownTypes = typesByKey(known);
  const found: TypesByKey = new Map();
  for (const metadata of metadatas) {
    if (metadata === null) continue;
    for (const key of Object.keys(metadata)) {
      const value = metadata[key];
      const type = value === null || value === undefined ? undefined : valueType(value);
      if (type === undefined || knownTypes.get(key)?.has(type)) continue;
      const types = found.get(key);
      if (types === undefined) found.set(key, new Set([type]));
      else types.add(type);
    }
  }
  return found.size === 0 ? undefined : toList(found);
}

/** `known` with `added`. Keys keep the place they came in. */
export function addSchemaKeys(
  known: readonly SchemaKey[],
  added: readonly SchemaKey[],
): readonly SchemaKey[] {
  if (added.length === 0) return known;
  const merged: TypesByKey = new Map();
  for (const { key, types } of [...known, ...added]) {
    merged.set(key, new Set([...(merged.get(key) ?? []), ...types]));
  }
  return toList(merged);
}

function typesByKey(list: readonly SchemaKey[]): TypesByKey {
  let index = indexByList.get(list);
  if (index === undefined) {
    index = new Map(list.map(({ key, types }) => [key, new Set(types)]));
    indexByList.set(list, index);
  }
  return index;
}

function toList(typesOfKeys: TypesByKey): readonly SchemaKey[] {
  return [...typesOfKeys].map(([key, types]) => ({ key, types: [...types] }));
}
