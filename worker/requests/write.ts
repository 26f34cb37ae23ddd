// Bodies of add, upsert, update and delete. A body with one bad record is refused whole. Duplicate ids
// stay in: an add keeps the first, update and upsert apply them in order, and that is the collection's.

import type { Metadata, MetadataPatch } from "../../src/protocol/metadata.ts";
import type { PackedVectors } from "../../src/protocol/operation.ts";
import { invalidArgument } from "../../src/protocol/request-error.ts";
import { parseEmbeddings, parseUpdateEmbeddings } from "./embeddings.ts";
import { parseRecordMetadatas, parseRecordPatches } from "./metadata.ts";
import { mustHave, parseOptional, parseStruct, parseUnsigned, type Fields } from "./shape.ts";
import { assertIdsNotEmpty, parseIds, parseTexts } from "./texts.ts";

/** Columns of one length; null for a column: no record has a value in it. */
interface WriteColumns {
  readonly ids: readonly string[];
  /** Null where the record has none, or, on a later write, keeps its own. */
  readonly documents: readonly (string | null)[] | null;
  readonly uris: readonly (string | null)[] | null;
}

export interface AddRequest extends WriteColumns {
  readonly embeddings: PackedVectors;
  readonly metadatas: readonly (Metadata | null)[] | null;
}

export interface UpsertRequest extends WriteColumns {
  readonly embeddings: PackedVectors;
  /** Nulls delete a key of a record that exists and mean nothing in a new one. */
  readonly metadatas: readonly (MetadataPatch | null)[] | null;
}

export interface UpdateRequest extends WriteColumns {
  readonly embeddings: PackedVectors | null;
  readonly metadatas: readonly (MetadataPatch | null)[] | null;
}

/** `where` and `whereDocument` are as they came: the filter's parser reads them. */
export interface DeleteRequest {
  readonly ids: readonly string[] | null;
  readonly where: unknown;
  readonly whereDocument: unknown;
  readonly limit: number | null;
}

export function parseAdd(body: unknown): AddRequest {
  const fields = parseStruct(body, "", "AddCollectionRecordsPayload");
  const columns = parseColumns(fields);
  const embeddings = parseEmbeddings(mustHave(fields, "", "embeddings"));
  const metadatas = parseOptional(fields, "", "metadatas", parseRecordMetadatas);
  return complete({ ...columns, embeddings, metadatas });
}

export function parseUpsert(body: unknown): UpsertRequest {
  const fields = parseStruct(body, "", "UpsertCollectionRecordsPayload");
  const columns = parseColumns(fields);
  const embeddings = parseEmbeddings(mustHave(fields, "", "embeddings"));
  const metadatas = parseOptional(fields, "", "metadatas", parseRecordPatches);
  return complete({ ...columns, embeddings, metadatas });
}

export function parseUpdate(body: unknown): UpdateRequest {
  const fields = parseStruct(body, "", "UpdateCollectionRecordsPayload");
  const columns = parseColumns(fields);
  const embeddings = parseUpdateEmbeddings(fields["embeddings"]);
  const metadatas = parseOptional(fields, "", "metadatas", parseRecordPatches);
  return complete({ ...columns, embeddings, metadatas });
}

export function parseDelete(body: unknown): DeleteRequest {
  const fields = parseStruct(body, "", "DeleteCollectionRecordsPayload");
  const request: DeleteRequest = {
    ids: parseOptional(fields, "", "ids", parseIds),
    where: fields["where"] ?? null,
    whereDocument: fields["where_document"] ?? null,
    limit: parseOptional(fields, "", "limit", (value, path) => parseUnsigned(value, path, "u32")),
  };
  const isFiltered = request.where !== null || request.whereDocument !== null;
  if (request.ids?.length === 0 && !isFiltered) {
    throw invalidArgument("Validation error: ids, where: Either ids or where must be specified");
  }
  if (request.limit !== null && !isFiltered) {
    throw invalidArgument(
      "Validation error: limit, where: limit can only be specified when a where clause is provided",
    );
  }
  return request;
}

function parseColumns(fields: Fields): WriteColumns {
  return {
    ids: parseIds(mustHave(fields, "", "ids")),
    documents: parseOptional(fields, "", "documents", parseTexts),
    uris: parseOptional(fields, "", "uris", parseTexts),
  };
}

function complete<T extends AddRequest | UpsertRequest | UpdateRequest>(request: T): T {
  const { ids, embeddings, documents, uris, metadatas } = request;
  const lengths = [embeddings?.rows, documents?.length, uris?.length, metadatas?.length];
  if (lengths.some((length) => length !== undefined && length !== ids.length)) {
    throw invalidArgument("Inconsistent number of IDs, embeddings, documents, URIs and metadatas");
  }
  assertIdsNotEmpty(ids);
  return request;
}
