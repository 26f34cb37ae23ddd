// A filter becomes a set of slots: leaf by leaf from columns, ids and documents, joined by set
// operations. Documents are looked at last, and only those that the rest of an $and lets through.

import { Bitset } from "../bitset.ts";
import type { Column } from "./column.ts";
import type { Documents } from "./documents.ts";
import type { FilterScalar } from "./filter-scalar.ts";
import { type Filter, filtersDocuments } from "./filter.ts";

/** What leaves are answered from. */
export interface FilterSources {
  /** The values of a metadata key; undefined where no record ever had the key. */
  column(key: string): Column | undefined;
  /** Slots of the records that have one of the ids. */
  slotsOf(ids: readonly string[]): Bitset;
  readonly documents: Documents;
}

/**
 * The slots of `within` whose records match.
 * @param within  slots of records that exist; not changed
 * @returns       a set of the caller's own
 * @throws {Failure}  "corrupt" when a document fails its checksum
 */
export function select(filter: Filter, within: Bitset, sources: FilterSources): Bitset {
  switch (filter.kind) {
    case "and": {
      let found = within.clone();
      for (const part of documentsLast(filter.filters)) found = select(part, found, sources);
      return found;
    }
    case "or": {
      const found = new Bitset();
      const rest = within.clone();
      for (const part of documentsLast(mergeEqualities(filter.filters))) {
        const matched = select(part, rest, sources);
        found.or(matched);
        rest.andNot(matched);
      }
      return found;
    }
    default: {
      const matched = selectLeaf(filter, within, sources);
      return isNegated(filter) ? within.clone().andNot(matched) : matched.and(within);
    }
  }
}

type Leaf = Exclude<Filter, { kind: "and" | "or" }>;

function selectLeaf(leaf: Leaf, within: Bitset, sources: FilterSources): Bitset {
  switch (leaf.kind) {
    case "in":
      return sources.column(leaf.key)?.selectIn(leaf.values) ?? new Bitset();
    case "range":
      return sources.column(leaf.key)?.selectRange(leaf.operator, leaf.bound) ?? new Bitset();
    case "contains":
      return sources.column(leaf.key)?.selectContains(leaf.value) ?? new Bitset();
    case "id":
      return sources.slotsOf(leaf.ids);
    case "text":
      return sources.documents.selectContaining(leaf.needle, within);
    case "regex":
      return sources.documents.selectMatching(leaf.pattern, within);
  }
}

/** Parts of an $or, those that ask one key for values of one type as one: a pass over the column costs the same. */
function mergeEqualities(filters: readonly Filter[]): Filter[] {
  const valuesByKey = new Map<string, { key: string; values: FilterScalar[] }>();
  const others: Filter[] = [];
  for (const filter of filters) {
    if (filter.kind !== "in" || filter.negated) {
      others.push(filter);
      continue;
    }
    const { key, values } = filter;
    const type = typeof values[0] === "bigint" ? "number" : typeof values[0];
    const merged = valuesByKey.get(`${type} ${key}`);
    if (merged === undefined) valuesByKey.set(`${type} ${key}`, { key, values: [...values] });
    else for (const value of values) merged.values.push(value);
  }
  const equalities = [...valuesByKey.values()].map((merged): Filter => ({
    kind: "in",
    negated: false,
    ...merged,
  }));
  return [...equalities, ...others];
}

function isNegated(leaf: Leaf): boolean {
  return leaf.kind !== "range" && leaf.negated;
}

function documentsLast(filters: readonly Filter[]): Filter[] {
  return [...filters].sort((a, b) => Number(filtersDocuments(a)) - Number(filtersDocuments(b)));
}
