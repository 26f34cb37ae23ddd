// Turns a write as the caller gave it into changes with every derived value: which records exist,
// which are new, their sequences, serials and text spans. Changes are applied to the rows as they are
// resolved, since a later one may depend on an earlier one of the same call.

import type { Metadata, MetadataPatch } from "../../src/protocol/metadata.ts";
import type { PackedVectors } from "../../src/protocol/operation.ts";
import type { Inserts, RecordsChange, TextSpan, Updates } from "../change.ts";
import type { TextWriter } from "../data/entries.ts";
import type { Rows } from "../rows/rows.ts";

/** Records of an add, update or upsert. Columns are parallel to `ids`; a column that is null has no value for any record. */
export interface RecordsWrite {
  readonly kind: "add" | "update" | "upsert";
  readonly ids: readonly string[];
  readonly embeddings: PackedVectors | null;
  readonly metadatas: readonly (Metadata | MetadataPatch | null)[] | null;
  readonly documents: readonly (string | null)[] | null;
  readonly uris: readonly (string | null)[] | null;
}

/** Where new records and vectors go. Advanced as changes are resolved. */
export interface Counters {
  nextSequence: number;
  nextSerial: number;
}

export interface ResolvedRecords {
  readonly changes: readonly RecordsChange[];
  /** The new vectors, in the order of their serials. */
  readonly vectors: Float32Array;
  /** Slots that no record has any more. */
  readonly tombstones: readonly number[];
}

/** Called between two slices of a long write with the records done so far. What it throws ends the write half-way. */
export type Turn = (done: number) => Promise<void>;

/** Records that are resolved in one go: some 10 ms with metadata and documents. */
const SLICE_RECORDS = 250;

/** Resolves an add, update or upsert and applies it to `rows`, which has a transaction open. */
export async function resolveRecords(
  write: RecordsWrite,
  rows: Rows,
  counters: Counters,
  texts: TextWriter,
  turn: Turn,
): Promise<ResolvedRecords> {
  const changes: RecordsChange[] = [];
  const tombstones: number[] = [];
  const vectorRows: number[] = [];
  let done = 0;
  for (const round of rounds(write)) {
    if (done > 0) await turn(done);
    done += round.length;
    const sequences = rows.sequencesOf(round.map((i) => write.ids[i]!));
    const isNew = (at: number): boolean => sequences[at] === -1;
    const added = write.kind === "update" ? [] : round.filter((_, at) => isNew(at));
    const changed = write.kind === "add" ? [] : round.filter((_, at) => !isNew(at));
    if (added.length + changed.length === 0) continue;
    const inserts = added.length > 0 ? resolveInserts(write, added, counters, texts, vectorRows) : undefined;
    const known = sequences.filter((sequence) => sequence !== -1);
    const updates =
      changed.length > 0
        ? resolveUpdates(write, changed, [...known], counters, texts, vectorRows)
        : undefined;
    updates?.serials.forEach((serial, at) => {
      if (serial !== null) tombstones.push(rows.slotOf(updates.sequences[at]!));
    });
    const change = { ...(inserts ? { inserts } : {}), ...(updates ? { updates } : {}) };
    rows.apply(change);
    changes.push(change);
  }
  return { changes, vectors: gather(write.embeddings, vectorRows), tombstones };
}

/** Resolves the deletion of the records in `slots` and applies it. */
export function resolveDelete(sequences: readonly number[], rows: Rows): ResolvedRecords {
  if (sequences.length === 0) return { changes: [], vectors: new Float32Array(0), tombstones: [] };
  const tombstones = sequences.map((sequence) => rows.slotOf(sequence));
  const change = { deletes: sequences };
  rows.apply(change);
  return { changes: [change], vectors: new Float32Array(0), tombstones };
}

/**
 * Indices of the records to write, in rounds of a slice at most and without a repeated id. Of repeated ids
 * an add takes the first; update and upsert apply them one after another (Chroma 1.3.4).
 */
function* rounds({ kind, ids }: RecordsWrite): Iterable<number[]> {
  // Of the rounds before, the records are there already: an add passes over them, the others change them.
  let seen = new Set<string>();
  let round: number[] = [];
  for (const [i, id] of ids.entries()) {
    const isRepeated = seen.has(id);
    if (isRepeated && kind === "add") continue;
    if (isRepeated || round.length === SLICE_RECORDS) {
      yield round;
      round = [];
      seen = new Set();
    }
    seen.add(id);
    round.push(i);
  }
  yield round;
}

function resolveInserts(
  write: RecordsWrite,
  added: readonly number[],
  counters: Counters,
  texts: TextWriter,
  vectorRows: number[],
): Inserts {
  const { nextSequence: sequenceStart, nextSerial: serialStart } = counters;
  counters.nextSequence += added.length;
  counters.nextSerial += added.length;
  for (const i of added) vectorRows.push(i);
  return {
    sequenceStart,
    serialStart,
    ids: added.map((i) => write.ids[i]!),
    metadatas: added.map((i) => withoutNulls(write.metadatas?.[i] ?? null)),
    documents: added.map((i) => span(write.documents?.[i], texts)),
    uris: added.map((i) => span(write.uris?.[i], texts)),
  };
}

function resolveUpdates(
  write: RecordsWrite,
  changed: readonly number[],
  sequences: readonly number[],
  counters: Counters,
  texts: TextWriter,
  vectorRows: number[],
): Updates {
  const serials = changed.map((i) => {
    if (write.embeddings === null || write.embeddings.present?.[i] === 0) return null;
    vectorRows.push(i);
    return counters.nextSerial++;
  });
  return {
    sequences,
    serials,
    metadatas: changed.map((i) => write.metadatas?.[i] ?? null),
    documents: changed.map((i) => span(write.documents?.[i], texts)),
    uris: changed.map((i) => span(write.uris?.[i], texts)),
  };
}

function span(text: string | null | undefined, texts: TextWriter): TextSpan | null {
  return text === null || text === undefined ? null : texts.add(text);
}

/** Metadata of a new record: a null deletes nothing there, so it says nothing. */
function withoutNulls(metadata: Metadata | MetadataPatch | null): Metadata | null {
  if (metadata === null) return null;
  const entries = Object.entries(metadata);
  if (entries.every(([, value]) => value !== null)) return metadata as Metadata;
  return Object.fromEntries(entries.filter(([, value]) => value !== null)) as Metadata;
}

/** The vectors of the given rows, one after another. */
function gather(embeddings: PackedVectors | null, rows: readonly number[]): Float32Array {
  if (embeddings === null || rows.length === 0) return new Float32Array(0);
  const { dimension, values, present } = embeddings;
  const isWhole =
    present === undefined && rows.length === embeddings.rows && rows.every((row, i) => row === i);
  if (isWhole) return values;
  const position = positions(embeddings.rows, present);
  const gathered = new Float32Array(rows.length * dimension);
  rows.forEach((row, i) => {
    const at = position(row) * dimension;
    gathered.set(values.subarray(at, at + dimension), i * dimension);
  });
  return gathered;
}

/** Where in `values` a row lies, when absent rows take no space there. */
function positions(rows: number, present: Uint8Array | undefined): (row: number) => number {
  if (present === undefined) return (row) => row;
  const before = new Uint32Array(rows);
  for (let row = 1; row < rows; row++) before[row] = before[row - 1]! + (present[row - 1] === 0 ? 0 : 1);
  return (row) => before[row]!;
}
