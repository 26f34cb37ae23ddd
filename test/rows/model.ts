// Rows as a list of plain objects and a filter as one obvious function: what the real ones are compared with.

import type { Metadata, MetadataPatch, MetadataScalar, MetadataValue } from "../../src/protocol/metadata.ts";
import type { FilterScalar } from "../../worker/rows/filter-scalar.ts";
import type { Filter } from "../../worker/rows/filter.ts";
import type { NewRecord, RecordUpdate } from "./collection.ts";

export interface ModelRecord {
  id: string;
  metadata: Map<string, MetadataValue>;
  document: string | null;
  uri: string | null;
}

export class ModelCollection {
  records: ModelRecord[] = [];

  add({ id, metadata, document, uri }: NewRecord): void {
    const record: ModelRecord = { id, metadata: new Map(), document: document ?? null, uri: uri ?? null };
    this.records.push(record);
    merge(record.metadata, metadata ?? {});
  }

  update({ id, metadata, document, uri }: RecordUpdate): void {
    const record = this.records.find((candidate) => candidate.id === id)!;
    merge(record.metadata, metadata ?? {});
    record.document = document ?? record.document;
    record.uri = uri ?? record.uri;
  }

  delete(id: string): void {
    this.records = this.records.filter((record) => record.id !== id);
  }

  select(filter: Filter): string[] {
    return this.records.filter((record) => matches(record, filter)).map(({ id }) => id);
  }
}

function merge(metadata: Map<string, MetadataValue>, patch: MetadataPatch | Metadata): void {
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || (Array.isArray(value) && value.length === 0)) metadata.delete(key);
    else metadata.set(key, stored(value));
  }
}

/** As storage keeps it: an array with one float is all floats, and a float that looks like an int says so. */
function stored(value: MetadataValue): MetadataValue {
  if (!Array.isArray(value)) return storedScalar(value as MetadataScalar, false);
  const elements = value as readonly MetadataScalar[];
  const floats = elements.some((element) => typeof element === "object" || isFloatNumber(element));
  return elements.map((element) => storedScalar(element, floats));
}

function isFloatNumber(value: MetadataScalar): boolean {
  return typeof value === "number" && (!Number.isInteger(value) || value >= 2 ** 63);
}

function storedScalar(value: MetadataScalar, isFloat: boolean): MetadataScalar {
  if (typeof value === "number" && isFloat && Number.isInteger(value) && value < 2 ** 63)
    return { "#float": value };
  return typeof value === "bigint" && BigInt(Number(value)) === value ? Number(value) : value;
}

function matches(record: ModelRecord, filter: Filter): boolean {
  switch (filter.kind) {
    case "and":
      return filter.filters.every((part) => matches(record, part));
    case "or":
      return filter.filters.some((part) => matches(record, part));
    case "in":
      return filter.values.some((value) => equals(record.metadata.get(filter.key), value)) !== filter.negated;
    case "range":
      return inRange(record.metadata.get(filter.key), filter.operator, filter.bound);
    case "contains": {
      const value = record.metadata.get(filter.key);
      const has = Array.isArray(value) && value.some((element) => equals(element, filter.value));
      return has !== filter.negated;
    }
    case "id":
      return filter.ids.includes(record.id) !== filter.negated;
    case "text":
      return (record.document?.includes(filter.needle) ?? false) !== filter.negated;
    case "regex":
      return (
        (record.document !== null && filter.pattern.matches(new TextEncoder().encode(record.document))) !==
        filter.negated
      );
  }
}

function numeric(value: unknown): number | bigint | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  return typeof value === "object" && value !== null && "#float" in value
    ? (value["#float"] as number)
    : undefined;
}

function equals(value: MetadataValue | undefined, wanted: FilterScalar): boolean {
  const number = numeric(value);
  // `==` compares a bigint and a number by their mathematical values, as `===` would not.
  if (number !== undefined)
    return typeof wanted !== "string" && typeof wanted !== "boolean" && number == wanted;
  return value === wanted;
}

function inRange(value: MetadataValue | undefined, operator: string, bound: number | bigint): boolean {
  const number = numeric(value);
  if (number === undefined) return false;
  if (operator === "$gt") return number > bound;
  if (operator === "$gte") return number >= bound;
  return operator === "$lt" ? number < bound : number <= bound;
}
