// What can still be read of a collection, damaged or not, for whoever wants to write it somewhere else.
// It reads around damage where loading stops: a change that is unreadable is passed over, and so is the page of a row
// image that is, so records may be missing, or be as an older write left them. What it gives was written; only the
// rows of an image whose checksum fails may be anything, and are told apart.

import type { SqlJsStatic } from "sql.js";
import type { Metadata } from "../../src/protocol/metadata.ts";
import type { SalvagedPart } from "../../src/protocol/storage-info.ts";
import type { RecordsChange, TextSpan } from "../change.ts";
import { readSoundDelta, Texts } from "../data/entries.ts";
import { VectorRows } from "../data/vector-rows.ts";
import { isFailure } from "../../src/protocol/failure.ts";
import type { CollectionStore } from "../path/collection-store.ts";
import { findRows, type FoundRow } from "../rows/damaged-shard.ts";
import { Keys } from "../rows/keys.ts";
import { Shard } from "../rows/shard.ts";

/** A part is undefined where it could not be read. */
interface SalvagedRow {
  readonly id: string;
  readonly isVerified: boolean;
  serial: number | undefined;
  metadata: Metadata | undefined;
  document: TextSpan | null | undefined;
  uri: TextSpan | null | undefined;
}

/** Records of one answer: columns, and which of their parts could not be read (null there). */
export interface SalvagedBatch {
  readonly ids: string[];
  readonly embeddings: (Float32Array | null)[];
  readonly metadatas: (Metadata | null)[];
  readonly documents: (string | null)[];
  readonly uris: (string | null)[];
  /** False where the row is of an image whose checksum fails. */
  readonly verified: boolean[];
  readonly unreadable: SalvagedPart[];
  /** The sequence that the next batch begins with; null at the end. */
  readonly next: number | null;
}

/**
 * Reads up to `limit` records of a collection, from a sequence on.
 *
 * Cost: all rows each time, and what is read of vectors and texts.
 *
 * @param dimension  of its vectors; null where it has none
 */
export function salvage(
  store: CollectionStore,
  sql: SqlJsStatic,
  dimension: number | null,
  { from, limit }: { readonly from: number; readonly limit: number },
): SalvagedBatch {
  const rows = [...salvageRows(store, sql)].filter(([sequence]) => sequence >= from);
  rows.sort(([a], [b]) => a - b);
  const batch: SalvagedBatch = {
    ids: [],
    embeddings: [],
    metadatas: [],
    documents: [],
    uris: [],
    verified: [],
    unreadable: [],
    next: rows[limit]?.[0] ?? null,
  };
  const texts = new Texts(store.streams.texts);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const vectors = dimension === null ? undefined : new VectorRows(store.streams.vectors, dimension);
  for (const [, { id, isVerified, serial, metadata, document, uri }] of rows.slice(0, limit)) {
    const readable = <T>(part: SalvagedPart["part"], read: () => T | undefined): T | null => {
      const value = tryRead(read);
      if (value === undefined) batch.unreadable.push({ id, part });
      return value ?? null;
    };
    const textOf = (span: TextSpan | null | undefined) => {
      if (span === null || span === undefined) return span;
      // No buffer is made for what cannot be there.
      if (span.offset + span.length > store.streams.texts.end) return undefined;
      return decoder.decode(texts.read(span));
    };
    batch.ids.push(id);
    batch.verified.push(isVerified);
    batch.metadatas.push(readable("metadata", () => emptyToNull(metadata)));
    batch.documents.push(readable("document", () => textOf(document)));
    batch.uris.push(readable("uri", () => textOf(uri)));
    batch.embeddings.push(readable("embedding", () => vectorOf(vectors, serial, dimension)));
  }
  return batch;
}

function emptyToNull(metadata: Metadata | undefined): Metadata | null | undefined {
  return metadata !== undefined && Object.keys(metadata).length === 0 ? null : metadata;
}

/** Null in a collection without vectors; undefined where there is none with this serial. */
function vectorOf(
  rows: VectorRows | undefined,
  serial: number | undefined,
  dimension: number | null,
): Float32Array | null | undefined {
  if (rows === undefined || dimension === null) return null;
  if (serial === undefined || !rows.holds(serial)) return undefined;
  const vector = new Float32Array(dimension);
  rows.readRows(serial, 1, vector);
  return vector;
}

function salvageRows(store: CollectionStore, sql: SqlJsStatic): Map<number, SalvagedRow> {
  const rows = new Map<number, SalvagedRow>();
  const unverified = new Map<number, SalvagedRow>();
  const keys = new Keys();
  store.shards.forEach((_, i) => {
    const image = tryRead(() => store.readShard(i));
    if (image !== undefined) takeShard(rows, Shard.open(sql, image, keys, 0));
    else takeDamagedShard(unverified, findRows(sql, store.readShardUnverified(i)));
  });
  // Whatever a damaged row says, it takes no verified one's place.
  for (const [sequence, row] of unverified) if (!rows.has(sequence)) rows.set(sequence, row);
  for (const changes of readSoundDelta(store.streams.delta)) {
    for (const change of changes) applyChange(rows, change);
  }
  return rows;
}

function takeShard(rows: Map<number, SalvagedRow>, shard: Shard): void {
  shard.eachRecord((sequence, serial) => {
    const { id, document, uri } = shard.mustGetRecord(sequence);
    const metadata = shard.metadataOf(sequence, false) ?? {};
    rows.set(sequence, { id, isVerified: true, serial, document, uri, metadata });
  });
  shard.close();
}

function takeDamagedShard(rows: Map<number, SalvagedRow>, found: readonly FoundRow[]): void {
  for (const { sequence, metadata, ...row } of found) {
    rows.set(sequence, { ...row, isVerified: false, metadata: metadata === null ? {} : metadata });
  }
}

/** A change of a record that is not there was about one that is lost. */
function applyChange(rows: Map<number, SalvagedRow>, { inserts, updates, deletes }: RecordsChange): void {
  inserts?.ids.forEach((id, i) => {
    rows.set(inserts.sequenceStart + i, {
      id,
      isVerified: true,
      serial: inserts.serialStart + i,
      metadata: { ...inserts.metadatas[i] },
      document: inserts.documents[i] ?? null,
      uri: inserts.uris[i] ?? null,
    });
  });
  updates?.sequences.forEach((sequence, i) => {
    const row = rows.get(sequence);
    if (row === undefined) return;
    row.serial = updates.serials[i] ?? row.serial;
    row.document = updates.documents[i] ?? row.document;
    row.uri = updates.uris[i] ?? row.uri;
    const patch = updates.metadatas[i] ?? {};
    if (row.metadata === undefined) return;
    const kept = Object.entries({ ...row.metadata, ...patch }).filter(
      ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
    );
    row.metadata = Object.fromEntries(kept) as Metadata;
  });
  for (const sequence of deletes ?? []) rows.delete(sequence);
}

/** Undefined where it is damaged. */
function tryRead<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!isFailure(error) || error.code !== "corrupt") throw error;
    return undefined;
  }
}
