// The rows that SQLite still finds in an image whose checksum fails: for salvage alone. A page that cannot be read
// costs the rows that are in it. Nothing proves the others: a value is of its column's type, and may be another.

import type { Database, SqlJsStatic, Statement } from "sql.js";
import type { Metadata } from "../../src/protocol/metadata.ts";
import type { TextSpan } from "../change.ts";
import { cellsToScalar, CELL_COLUMNS, MetadataBuilder, type SqlValue } from "./metadata-rows.ts";
import { SCALAR, schemaSql } from "./schema.ts";

const PAGE_BYTES = 4096;
/** The first one, and the roots of the three tables. */
const PAGES_MIN = 4;
/** In the first page: pages of the database, then the first page that is free, and how many are. Big endian. */
const PAGE_COUNT_AT = 28;
/** Records that are looked for beside what can be read: more than the leaf of a table holds. */
const BESIDE_RECORDS = 1024;
/** Reads that fail of one image: each costs some microseconds, and a page high up in a table fails them all. */
const FAILURES_MAX = 8192;

const SELECT =
  "select sequence, id, slot, document_offset, document_length, uri_offset, uri_length from records" +
  " where sequence between ? and ? order by sequence";

/** A row as it is found. A part is undefined where its cells are no such part. */
export interface FoundRow {
  readonly sequence: number;
  readonly id: string;
  readonly serial: number | undefined;
  readonly document: TextSpan | null | undefined;
  readonly uri: TextSpan | null | undefined;
  readonly metadata: Metadata | null | undefined;
}

/**
 * Finds what rows it can, in insertion order.
 * @param image  of a shard; its first page is not read, since it is the same in every image but for its counts
 */
export function findRows(sql: SqlJsStatic, image: Uint8Array): FoundRow[] {
  if (image.length < PAGES_MIN * PAGE_BYTES) return [];
  const shard = new DamagedShard(new sql.Database(withFirstPage(sql, image)));
  try {
    return shard.findRows();
  } finally {
    shard.close();
  }
}

/** A copy of an image with a first page that has the schema and says how many pages there are. */
function withFirstPage(sql: SqlJsStatic, image: Uint8Array): Uint8Array {
  const empty = new sql.Database();
  empty.run(schemaSql);
  const page = empty.export().subarray(0, PAGE_BYTES);
  empty.close();
  const copy = image.slice();
  copy.set(page);
  const view = new DataView(copy.buffer);
  view.setUint32(PAGE_COUNT_AT, Math.floor(copy.length / PAGE_BYTES));
  view.setUint32(PAGE_COUNT_AT + 4, 0);
  view.setUint32(PAGE_COUNT_AT + 8, 0);
  return copy;
}

class DamagedShard {
  readonly #db: Database;
  readonly #upwards: Statement;
  readonly #downwards: Statement;
  readonly #cells: Statement;
  readonly #names = new Map<unknown, string>();
  readonly #rows = new Map<number, FoundRow>();
  readonly #builder = new MetadataBuilder();
  #failures = 0;

  constructor(db: Database) {
    this.#db = db;
    db.run("pragma cell_size_check = on");
    this.#upwards = db.prepare(SELECT);
    this.#downwards = db.prepare(`${SELECT} desc`);
    this.#cells = db.prepare(`select ${CELL_COLUMNS} from metadata where sequence = ?`);
  }

  findRows(): FoundRow[] {
    const names = this.#db.prepare("select key, name from keys");
    this.#each(names, [], ([key, name]) => {
      if (typeof name === "string") this.#names.set(key, name);
    });
    const all = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] as const;
    if (!this.#find(this.#upwards, ...all)) {
      const last = lastOf(this.#rows);
      this.#find(this.#downwards, ...all);
      this.#findBetween(last, lastOf(this.#rows));
    }
    return [...this.#rows.values()].sort((a, b) => a.sequence - b.sequence);
  }

  close(): void {
    this.#db.close();
  }

  /**
   * @param last   that was found upwards
   * @param first  that was found downwards; `last` where none was
   */
  #findBetween(last: number | undefined, first: number | undefined): void {
    if (first === undefined) return;
    const from = last === undefined ? first - BESIDE_RECORDS : last + 1;
    const to = last === first ? first + BESIDE_RECORDS : first - 1;
    this.#findIn(from, to);
  }

  /** Reads a range, and where that fails what is left of it in halves, the lower one first. */
  #findIn(from: number, to: number): void {
    if (from > to || this.#failures > FAILURES_MAX) return;
    let next = from;
    if (this.#find(this.#upwards, from, to, (sequence) => (next = sequence + 1)) || from === to) return;
    const middle = Math.floor((next + to) / 2);
    this.#findIn(next, middle);
    this.#findIn(middle + 1, to);
  }

  /** Whether the range could be read to its end. */
  #find(statement: Statement, from: number, to: number, visit?: (sequence: number) => void): boolean {
    return this.#each(statement, [from, to], ([sequence, id, slot, ...spans]) => {
      if (!isCount(sequence) || typeof id !== "string") return;
      visit?.(sequence);
      this.#rows.set(sequence, {
        sequence,
        id,
        serial: isCount(slot) ? slot : undefined,
        document: spanOf(spans[0], spans[1]),
        uri: spanOf(spans[2], spans[3]),
        metadata: this.#metadataOf(sequence),
      });
    });
  }

  #metadataOf(sequence: number): Metadata | null | undefined {
    let isWhole = true;
    let before: readonly SqlValue[] = [];
    const isRead = this.#each(this.#cells, [sequence], (row) => {
      const name = this.#names.get(row[0]);
      isWhole &&= name !== undefined && isCell(row, before);
      // Inexact numbers ask for none of 64 bits.
      if (isWhole)
        this.#builder.add(
          name!,
          row[1] as number,
          cellsToScalar(row, false, () => 0n),
        );
      before = row;
    });
    const metadata = this.#builder.take();
    return isRead && isWhole ? metadata : undefined;
  }

  /** Whether it came to an end: what SQLite refuses to read it refuses with an error that has no class of its own. */
  #each(statement: Statement, parameters: SqlValue[], visit: (row: SqlValue[]) => void): boolean {
    try {
      statement.bind(parameters);
      while (statement.step()) visit(statement.get());
      return true;
    } catch (error) {
      if (!(error instanceof Error) || error.constructor !== Error) throw error;
      this.#failures++;
      return false;
    } finally {
      statement.reset();
    }
  }
}

function lastOf(rows: ReadonlyMap<number, unknown>): number | undefined {
  return [...rows.keys()].at(-1);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Whether a row of the metadata has one value, of the type of its column, and is next to the row before it. */
function isCell([key, element, ...typed]: readonly SqlValue[], before: readonly SqlValue[]): boolean {
  const values = typed.filter((value) => value !== null);
  if (values.length !== 1 || typeof values[0] !== (typed[0] === null ? "number" : "string")) return false;
  if (element === SCALAR || element === 0) return true;
  return key === before[0] && typeof before[1] === "number" && element === before[1] + 1;
}

function spanOf(offset: SqlValue | undefined, length: SqlValue | undefined): TextSpan | null | undefined {
  if (offset === null && length === null) return null;
  return isCount(offset) && isCount(length) ? { offset, length } : undefined;
}
