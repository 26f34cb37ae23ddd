// What can still be read of a collection, batch by batch, as the engine reads around damage.

import type { Metadata } from "chromadb";
import type { Transport } from "../protocol/operation.ts";
import { type SalvagedPart, salvageOperation } from "../protocol/storage-info.ts";
import { callEngine } from "../transport/operation-client.ts";

/** Some records: parallel columns, in insertion order. Null: there is none, or it is in `unreadable`. */
export interface SalvagedRecords {
  readonly ids: string[];
  readonly embeddings: (number[] | null)[];
  readonly documents: (string | null)[];
  readonly metadatas: (Metadata | null)[];
  readonly uris: (string | null)[];
  /**
   * False for a record whose row lies in an image that fails its checksum: its id, its metadata and which document, uri
   * and vector are its own may be other than they were written. The texts and numbers themselves are verified.
   */
  readonly verified: boolean[];
  /** Parts of these records that are damaged. */
  readonly unreadable: readonly SalvagedPart[];
}

/** Where a collection is looked up by its name. */
export interface SalvageScope {
  readonly tenant: string;
  readonly database: string;
}

/**
 * The records of a collection that can be read, in batches of up to 1,000.
 * @throws  as `ClientStorage.salvage`
 */
export async function* salvage(
  transport: Transport,
  { tenant, database }: SalvageScope,
  name: string,
): AsyncGenerator<SalvagedRecords, void, undefined> {
  const operation = { ...salvageOperation, path: { tenant, database, collection_id: name } };
  for (let from: number | null = 0; from !== null;) {
    const batch = (await callEngine(transport, { ...operation, body: { from } })) as SalvagedRecords & {
      next: number | null;
    };
    const { next, ...records } = batch;
    if (records.ids.length > 0) yield records;
    from = next;
  }
}
