// A filter as the engine evaluates it: what `parseWhere` makes of a where clause.
// Negation is part of each leaf because Chroma's $ne, $nin and $not_… match records without the key.

import type { FilterScalar } from "./filter-scalar.ts";
import type { TextPattern } from "./regex.ts";

export type RangeOperator = "$gt" | "$gte" | "$lt" | "$lte";

export type Filter =
  | { readonly kind: "and"; readonly filters: readonly Filter[] }
  | { readonly kind: "or"; readonly filters: readonly Filter[] }
  /** The key's value is one of `values`; a value of $eq is a list of one. Arrays never are. */
  | {
      readonly kind: "in";
      readonly key: string;
      readonly values: readonly FilterScalar[];
      readonly negated: boolean;
    }
  /** The key's value is a number on this side of `bound`. */
  | {
      readonly kind: "range";
      readonly key: string;
      readonly operator: RangeOperator;
      readonly bound: number | bigint;
    }
  /** The key's value is an array that has `value`. */
  | {
      readonly kind: "contains";
      readonly key: string;
      readonly value: FilterScalar;
      readonly negated: boolean;
    }
  /** The record's id is one of `ids`. */
  | { readonly kind: "id"; readonly ids: readonly string[]; readonly negated: boolean }
  /** The document has `needle`, byte by byte. */
  | { readonly kind: "text"; readonly needle: string; readonly negated: boolean }
  /** The document has a match of `pattern`. */
  | { readonly kind: "regex"; readonly pattern: TextPattern; readonly negated: boolean };

/** Matches every record. */
export const everything: Filter = { kind: "and", filters: [] };

/** Matches what all of `filters` match. */
export function combine(...filters: readonly Filter[]): Filter {
  const parts = filters.filter((filter) => filter !== everything);
  return parts.length === 1 ? parts[0]! : parts.length === 0 ? everything : { kind: "and", filters: parts };
}

/** Key and value type of each metadata leaf; `Str`, `Int`, `Float`, `Bool` are the server's names. */
export interface FilteredKey {
  readonly key: string;
  readonly type: "Str" | "Int" | "Float" | "Bool";
}

/** The metadata keys a filter looks at, for a schema that forbids some. */
export function* filteredKeys(filter: Filter): Generator<FilteredKey> {
  switch (filter.kind) {
    case "and":
    case "or":
      for (const part of filter.filters) yield* filteredKeys(part);
      break;
    case "in":
      for (const value of filter.values.slice(0, 1)) yield { key: filter.key, type: typeName(value) };
      break;
    case "contains":
      yield { key: filter.key, type: typeName(filter.value) };
      break;
    case "range":
      yield { key: filter.key, type: typeName(filter.bound) };
      break;
    case "id":
    case "text":
    case "regex":
      break;
  }
}

/** Whether a filter looks into documents. */
export function filtersDocuments(filter: Filter): boolean {
  if (filter.kind === "and" || filter.kind === "or") return filter.filters.some(filtersDocuments);
  return filter.kind === "text" || filter.kind === "regex";
}

function typeName(value: FilterScalar): FilteredKey["type"] {
  if (typeof value === "string") return "Str";
  if (typeof value === "boolean") return "Bool";
  return typeof value === "bigint" || Number.isInteger(value) ? "Int" : "Float";
}
