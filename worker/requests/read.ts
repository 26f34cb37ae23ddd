// Bodies of get and query.

import type { PackedVectors } from "../../src/protocol/operation.ts";
import { parseQueryEmbeddings } from "./embeddings.ts";
import {
  mustHave,
  parseOptional,
  parseSequence,
  parseStruct,
  parseUnsigned,
  parseVariant,
  pathOf,
  type Fields,
} from "./shape.ts";
import { parseIds } from "./texts.ts";

const includes = ["distances", "documents", "embeddings", "metadatas", "uris"] as const;

/** A column of a reply. */
export type Include = (typeof includes)[number];

const N_RESULTS_DEFAULT = 10;
const GET_INCLUDE_DEFAULT: readonly Include[] = ["documents", "metadatas"];
const QUERY_INCLUDE_DEFAULT: readonly Include[] = ["documents", "metadatas", "distances"];

/** What get and query share. `where` and `whereDocument` are as they came: the filter's parser reads them. */
interface ReadRequest {
  /** Null: any record. An id may be there twice, or be of no record. */
  readonly ids: readonly string[] | null;
  readonly where: unknown;
  readonly whereDocument: unknown;
  /** In the caller's order, with the caller's duplicates: the reply repeats it. */
  readonly include: readonly Include[];
}

export interface GetRequest extends ReadRequest {
  /** Null: all. */
  readonly limit: number | null;
  readonly offset: number;
}

export interface QueryRequest extends ReadRequest {
  readonly embeddings: PackedVectors;
  readonly nResults: number;
}

/** Of "distances" in `include` nothing comes but its repetition in the reply. */
export function parseGet(body: unknown): GetRequest {
  const fields = parseStruct(body, "", "GetRequestPayload");
  return {
    ...parseRead(fields, GET_INCLUDE_DEFAULT),
    limit: parseOptional(fields, "", "limit", parseU32),
    offset: parseOptional(fields, "", "offset", parseU32) ?? 0,
  };
}

export function parseQuery(body: unknown): QueryRequest {
  const fields = parseStruct(body, "", "QueryRequestPayload");
  return {
    ...parseRead(fields, QUERY_INCLUDE_DEFAULT),
    embeddings: parseQueryEmbeddings(mustHave(fields, "", "query_embeddings")),
    nResults: parseOptional(fields, "", "n_results", parseU32) ?? N_RESULTS_DEFAULT,
  };
}

function parseRead(fields: Fields, includeDefault: readonly Include[]): ReadRequest {
  return {
    ids: parseOptional(fields, "", "ids", parseIds),
    where: fields["where"] ?? null,
    whereDocument: fields["where_document"] ?? null,
    include: fields["include"] === undefined ? includeDefault : parseInclude(fields["include"]),
  };
}

function parseInclude(value: unknown): readonly Include[] {
  // Not `map`, which would leave the holes of a sparse array in.
  return Array.from(parseSequence(value, "include"), (column, index) =>
    parseVariant(column, pathOf("include", index), includes),
  );
}

function parseU32(value: unknown, path: string): number {
  return parseUnsigned(value, path, "u32");
}
