// The official Collection, with what ours also takes: rows as Float32Array and a flat query vector.
// Every method takes at least what the official one takes, so ours is assignable to it.

import type { Collection as OfficialCollection, Metadata, QueryResult } from "chromadb";
import type { Progress } from "./transfer-options.ts";

/** Rows of numbers; a Float32Array is packed without conversion. Never kept, never detached. */
export type Embeddings = (number[] | Float32Array)[];

/** Query vectors, or one alone. */
export type QueryEmbeddings = Embeddings | number[] | Float32Array;

type AddArguments = Parameters<OfficialCollection["add"]>[0];
type UpdateArguments = Parameters<OfficialCollection["update"]>[0];
type UpsertArguments = Parameters<OfficialCollection["upsert"]>[0];
type QueryArguments = Parameters<OfficialCollection["query"]>[0];

/** How a caller follows a write of records. */
export interface WriteOptions {
  /**
   * Gives the write up: the call rejects with the signal's reason, and nothing was written. It is heard while
   * embeddings are made and while an engine of ours takes the records in; what is durable by then is kept, and the
   * call resolves. What was sent to a server goes to its end.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called now and again with the records that the engine has taken in, and at the end, when they are durable,
   * with all of them; by a client of a server at the end only. What it throws gives the write up, as `signal`
   * does, and is what the call rejects with.
   */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** A collection as Chromalite's clients return it. */
export interface Collection extends OfficialCollection {
  add(
    records: Omit<AddArguments, "embeddings"> & { embeddings?: Embeddings },
    options?: WriteOptions,
  ): Promise<void>;
  update(
    records: Omit<UpdateArguments, "embeddings"> & { embeddings?: Embeddings },
    options?: WriteOptions,
  ): Promise<void>;
  upsert(
    records: Omit<UpsertArguments, "embeddings"> & { embeddings?: Embeddings },
    options?: WriteOptions,
  ): Promise<void>;
  query<TMeta extends Metadata = Metadata>(
    query: Omit<QueryArguments, "queryEmbeddings"> & { queryEmbeddings?: QueryEmbeddings },
  ): Promise<QueryResult<TMeta>>;
  fork(target: { name: string }): Promise<Collection>;
}
