// The tables of one shard, and the pragmas that fit a database that lives in memory only.
// A shard's image is part of the file format: a change here is a new format version.

/**
 * - `records`: one row a record. `sequence` is its place in insertion order; `slot` is the serial of its vector; texts are spans of the
 *   collection's text stream, null where the record has none. Uniqueness of `id` is kept by `IdIndex`:
 *   an SQL index would hold every id twice and would have to be asked in each shard.
 * - `keys`: names of metadata keys; a key has the same number in every shard of a collection.
 * - `metadata`: one row a scalar (`element` is -1) or an element of an array (`element` counts from 0).
 *   Exactly one of the typed columns is not null. There is no index by value: it made writes 1.8 times
 *   slower and images 1.7 times larger (100,000 records of 5 keys), and columns answer every filter in
 *   0.2 ms, an index 5 % matches in 1 ms and 50 % in 9 ms.
 */
export const schemaSql = `
create table records(
  sequence integer primary key,
  id text not null,
  slot integer not null,
  document_offset integer,
  document_length integer,
  uri_offset integer,
  uri_length integer
);
create table keys(key integer primary key, name text not null);
create table metadata(
  sequence integer not null,
  key integer not null,
  element integer not null,
  string text,
  int integer,
  float real,
  bool integer,
  primary key(sequence, key, element)
) without rowid;
`;

/** `element` of a value that is no array. */
export const SCALAR = -1;

/** Pages that SQLite keeps beside the bytes of the database. More of them make nothing faster: these are in memory, too. */
export const CACHE_BYTES = 128 * 1024;

/**
 * No journal: a change that fails half-way costs the whole `Rows` object, which is loaded anew.
 * Exclusive locking spares each statement the look whether somebody else wrote.
 * With its first page a cache takes room for twenty (87 kB), unless it may have one only: so it gets that first.
 */
export const pragmasSql = `
pragma locking_mode = exclusive;
pragma journal_mode = off;
pragma synchronous = off;
pragma temp_store = memory;
pragma cache_size = 1;
pragma shrink_memory;
pragma schema_version;
pragma cache_size = -${CACHE_BYTES / 1024};
`;
