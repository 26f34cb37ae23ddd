// One sql.js database: the rows of a range of sequences. It prepares its statements once and frees
// them with itself. It knows rows and cells, nothing of slots in use, filters or texts.

import type { Database, SqlJsStatic, Statement } from "sql.js";
import type { Metadata, MetadataPatch, MetadataValue } from "../../src/protocol/metadata.ts";
import type { TextSpan } from "../change.ts";
import type { FilterScalar } from "./filter-scalar.ts";
import type { Keys } from "./keys.ts";
import {
  CELL_COLUMNS,
  cellsToScalar,
  MetadataBuilder,
  numericNormalForm,
  type ReadWideInt,
  type SqlValue,
  valueToCells,
} from "./metadata-rows.ts";
import { CACHE_BYTES, pragmasSql, schemaSql } from "./schema.ts";

/** Rows of metadata one statement inserts at most; 5 to 8 a record is common. */
const ROWS_PER_INSERT = 8;
/** What SQLite takes for an open database and its statements; 48 kB are set aside for small allocations. */
const CONNECTION_BYTES = 64 * 1024;
const ROW_PLACEHOLDERS = "(?,?,?,?,?,?,?)";

/** What `records` holds of one record. */
export interface RecordRow {
  readonly id: string;
  readonly document: TextSpan | null;
  readonly uri: TextSpan | null;
}

/** A value of one key as `eachValue` finds it. `element` is -1 for a scalar. */
export type VisitValue = (sequence: number, element: number, value: FilterScalar) => void;

export class Shard {
  /** Sequences of this shard are not below it; those of the next shard are above all of this one's. */
  readonly sequenceStart: number;
  /** One more than the highest sequence it has or had since it was opened; `sequenceStart` when it had none. */
  sequenceEnd: number;
  dirty = false;

  readonly #db: Database;
  readonly #keys: Keys;
  /** Numbers of the keys that this shard's `keys` names. */
  readonly #named = new Set<number>();
  readonly #statements = new Map<string, Statement>();
  readonly #builder = new MetadataBuilder();
  #inTransaction = false;
  /** Undefined where something was written since it was asked for. */
  #bytes: number | undefined;
  /** The image of the moment of `freeze`: to be made before the next write, or made already. */
  #frozen: "due" | Uint8Array | undefined;

  private constructor(db: Database, keys: Keys, sequenceStart: number, sequenceEnd = sequenceStart) {
    this.#db = db;
    this.#keys = keys;
    this.sequenceStart = sequenceStart;
    this.sequenceEnd = sequenceEnd;
  }

  static create(sql: SqlJsStatic, keys: Keys, sequenceStart: number): Shard {
    const db = new sql.Database();
    db.run(pragmasSql);
    db.run(schemaSql);
    const shard = new Shard(db, keys, sequenceStart);
    shard.dirty = true;
    return shard;
  }

  /**
   * @param image        of `export`; not kept
   * @param sequenceEnd  one more than the highest sequence of the shards before
   * @throws {Error}  the image is no database; what is stored is checked by its owner's checksums
   */
  static open(sql: SqlJsStatic, image: Uint8Array, keys: Keys, sequenceEnd: number): Shard {
    const db = new sql.Database(image);
    try {
      db.run(pragmasSql);
      const [first, last] = db.exec("select min(sequence), max(sequence) from records")[0]?.values[0] ?? [];
      const shard =
        typeof first === "number" && typeof last === "number"
          ? new Shard(db, keys, first, last + 1)
          : new Shard(db, keys, sequenceEnd);
      shard.#each("select key, name from keys", [], ([key, name]) => {
        shard.#named.add(keys.restore(key as number, name as string));
      });
      return shard;
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** Bytes of the database, free pages included. */
  get bytes(): number {
    this.#bytes ??= this.#number("pragma page_count") * this.#number("pragma page_size");
    return this.#bytes;
  }

  /** Bytes in memory, roughly. */
  get memoryUsed(): number {
    return CONNECTION_BYTES + this.bytes + Math.min(this.bytes, CACHE_BYTES);
  }

  begin(): void {
    if (this.#inTransaction) return;
    if (this.#frozen === "due") this.#frozen = this.#export();
    this.#run("begin", []);
    this.#inTransaction = true;
    this.dirty = true;
  }

  commit(): void {
    if (!this.#inTransaction) return;
    this.#run("commit", []);
    this.#inTransaction = false;
  }

  insert(
    sequence: number,
    serial: number,
    id: string,
    metadata: Metadata | null,
    document: TextSpan | null,
    uri: TextSpan | null,
  ): void {
    this.sequenceEnd = sequence + 1;
    this.#run("insert into records values(?,?,?,?,?,?,?)", [
      sequence,
      id,
      serial,
      document?.offset ?? null,
      document?.length ?? null,
      uri?.offset ?? null,
      uri?.length ?? null,
    ]);
    if (metadata === null) return;
    const cells: SqlValue[] = [];
    for (const [name, value] of Object.entries(metadata)) this.#pushValue(cells, sequence, name, value);
    this.#insertMetadata(cells);
  }

  setSerial(sequence: number, serial: number): void {
    this.#run("update records set slot = ? where sequence = ?", [serial, sequence]);
  }

  setDocument(sequence: number, { offset, length }: TextSpan): void {
    const sql = "update records set document_offset = ?, document_length = ? where sequence = ?";
    this.#run(sql, [offset, length, sequence]);
  }

  setUri(sequence: number, { offset, length }: TextSpan): void {
    this.#run("update records set uri_offset = ?, uri_length = ? where sequence = ?", [
      offset,
      length,
      sequence,
    ]);
  }

  /** Replaces the value of each key of the patch; null and the empty array delete it. */
  patchMetadata(sequence: number, patch: MetadataPatch): void {
    const cells: SqlValue[] = [];
    for (const [name, value] of Object.entries(patch)) {
      const key = this.#keys.getNumber(name);
      if (key !== undefined)
        this.#run("delete from metadata where sequence = ? and key = ?", [sequence, key]);
      if (value !== null) this.#pushValue(cells, sequence, name, value);
    }
    this.#insertMetadata(cells);
  }

  delete(sequence: number): void {
    this.#run("delete from metadata where sequence = ?", [sequence]);
    this.#run("delete from records where sequence = ?", [sequence]);
  }

  mustGetRecord(sequence: number): RecordRow {
    const sql =
      "select id, document_offset, document_length, uri_offset, uri_length from records where sequence = ?";
    const row = this.#first(sql, [sequence]);
    if (row === undefined) throw new Error(`no row has sequence ${sequence}`);
    return { id: row[0] as string, document: span(row[1], row[2]), uri: span(row[3], row[4]) };
  }

  hasId(sequence: number, id: string): boolean {
    return this.#first("select id from records where sequence = ?", [sequence])?.[0] === id;
  }

  /** Keys in the order of their first use in the collection. Null where there are none. */
  metadataOf(sequence: number, exact: boolean): Metadata | null {
    const wide: ReadWideInt = (key, element) => this.#wideInt(sequence, key, element);
    this.#each(`select ${CELL_COLUMNS} from metadata where sequence = ?`, [sequence], (row) => {
      const name = this.#keys.mustGetName(row[0] as number);
      this.#builder.add(name, row[1] as number, cellsToScalar(row, exact, wide));
    });
    return this.#builder.take();
  }

  /** Visits every record in insertion order. */
  eachRecord(visit: (sequence: number, serial: number) => void): void {
    this.#each("select sequence, slot from records order by sequence", [], ([sequence, serial]) => {
      visit(sequence as number, serial as number);
    });
  }

  /** Visits every record in insertion order; three times the cost of `eachRecord`. */
  eachId(visit: (sequence: number, id: string) => void): void {
    this.#each("select sequence, id from records order by sequence", [], ([sequence, id]) => {
      visit(sequence as number, id as string);
    });
  }

  /** The records that have these ids, with their sequences, in no order: one pass over all ids. */
  search(ids: readonly string[]): [id: string, sequence: number][] {
    const found: [string, number][] = [];
    const sql = `select id, sequence from records where id in (${ids.map(() => "?").join()})`;
    this.#each(sql, [...ids], ([id, sequence]) => found.push([id as string, sequence as number]));
    return found;
  }

  /** Visits the documents there are, in insertion order. */
  eachDocument(visit: (sequence: number, document: TextSpan) => void): void {
    const sql =
      "select sequence, document_offset, document_length from records where document_offset is not null order by sequence";
    this.#each(sql, [], (row) => {
      visit(row[0] as number, { offset: row[1] as number, length: row[2] as number });
    });
  }

  /** Visits every value of a key, in order of sequence and element; one pass over all metadata. */
  eachValue(key: number, visit: VisitValue): void {
    if (!this.#named.has(key)) return;
    // One cell for three types halves the time: each cell that crosses to JavaScript costs 60 ns.
    const sql =
      "select sequence, element, coalesce(string, float, int), bool, int is not null from metadata where key = ?";
    this.#each(sql, [key], ([sequence, element, value, bool, isInt]) => {
      const at = sequence as number;
      if (value === null) visit(at, element as number, bool === 1);
      else if (isInt === 0 || Number.isSafeInteger(value))
        visit(at, element as number, value as string | number);
      else visit(at, element as number, numericNormalForm(this.#wideInt(at, key, element as number)));
    });
  }

  /** From now on `takeFrozen` gives the database as it is now, whatever is written before. Outside of a transaction. */
  freeze(): void {
    this.#frozen = "due";
    this.dirty = false;
  }

  /** The image of the moment of `freeze`, once; about 0.9 ms a megabyte, unless a write had to make it. */
  takeFrozen(): Uint8Array {
    const frozen = this.#frozen;
    this.#frozen = undefined;
    if (frozen === undefined) throw new Error("a shard is taken that was not frozen");
    return frozen === "due" ? this.#export() : frozen;
  }

  /** Visits where the texts lie that records of this shard have, in no order. */
  eachText(visit: (text: TextSpan) => void): void {
    const sql = "select document_offset, document_length, uri_offset, uri_length from records";
    this.#each(sql, [], (row) => {
      for (const text of [span(row[0], row[1]), span(row[2], row[3])]) if (text !== null) visit(text);
    });
  }

  /** Pages of deleted rows are given up when half are free. */
  #export(): Uint8Array {
    if (this.#number("pragma freelist_count") * 2 > this.#number("pragma page_count")) this.#db.run("vacuum");
    return this.#db.export();
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #pushValue(cells: SqlValue[], sequence: number, name: string, value: MetadataValue): void {
    const rows = valueToCells(value);
    if (rows.length === 0) return;
    const key = this.#keys.numberOf(name);
    if (!this.#named.has(key)) {
      this.#run("insert into keys values(?, ?)", [key, name]);
      this.#named.add(key);
    }
    for (const row of rows) cells.push(sequence, key, ...row);
  }

  #insertMetadata(cells: readonly SqlValue[]): void {
    const width = 7;
    const step = ROWS_PER_INSERT * width;
    for (let at = 0; at < cells.length; at += step) {
      const part = cells.slice(at, at + step);
      const rows = Array<string>(part.length / width).fill(ROW_PLACEHOLDERS);
      this.#run(`insert into metadata values${rows.join()}`, part);
    }
  }

  /** As text, because sql.js reads integers as doubles. */
  #wideInt(sequence: number, key: number, element: number): bigint {
    const sql = "select cast(int as text) from metadata where sequence = ? and key = ? and element = ?";
    return BigInt(this.#first(sql, [sequence, key, element])?.[0] as string);
  }

  #number(sql: string): number {
    return this.#first(sql, [])?.[0] as number;
  }

  #prepared(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #run(sql: string, parameters: SqlValue[]): void {
    this.#bytes = undefined;
    this.#prepared(sql).run(parameters);
  }

  #first(sql: string, parameters: SqlValue[]): SqlValue[] | undefined {
    const statement = this.#prepared(sql);
    statement.bind(parameters);
    const row = statement.step() ? statement.get() : undefined;
    // An unfinished statement would keep a commit from ending.
    statement.reset();
    return row;
  }

  #each(sql: string, parameters: SqlValue[], visit: (row: SqlValue[]) => void): void {
    const statement = this.#prepared(sql);
    statement.bind(parameters);
    try {
      while (statement.step()) visit(statement.get());
    } finally {
      statement.reset();
    }
  }
}

function span(offset: SqlValue | undefined, length: SqlValue | undefined): TextSpan | null {
  return typeof offset === "number" && typeof length === "number" ? { offset, length } : null;
}
