// For each operation of the contract: a call that succeeds, and one for each way in which it fails.
// They run on `openPlace`: a database with the collection "notes", which has two records of two numbers.

import type { PackedVectors } from "../../src/protocol/operation.ts";
import { pack } from "../engine/engine-client.ts";

/** What a case may name of the place it runs on. */
export interface Named {
  readonly id: string;
}

export interface Case {
  /** As a test's name goes on after the operation's. */
  readonly title: string;
  readonly status: number;
  /** Class of the error that a caller of a client sees; undefined for a success. */
  readonly error?: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  /** On an engine that does not allow resets. */
  readonly withoutReset?: boolean;
}

const succeeds = (parts: Partial<Case> = {}): Case => ({ title: "succeeds", status: 200, ...parts });
const invalid = (title: string, parts: Partial<Case>): Case => ({
  title,
  status: 400,
  error: "ChromaClientError",
  ...parts,
});
const misshapen = (body: unknown, parts: Partial<Case> = {}): Case =>
  invalid("refuses a body of the wrong shape", { status: 422, body, ...parts });
const missing = (title: string, parts: Partial<Case>): Case => ({
  title,
  status: 404,
  error: "ChromaNotFoundError",
  ...parts,
});
const taken = (parts: Partial<Case>): Case => ({
  title: "refuses a name that is taken",
  status: 409,
  error: "ChromaUniqueError",
  ...parts,
});
const notYet: Case = { title: "is not built yet", status: 501, error: "ChromaNotImplementedError" };

const tenant = (name: string): Partial<Case> => ({ path: { tenant: name, tenant_name: name } });
const database = (name: string): Partial<Case> => ({ path: { database: name } });
const collection = (collection_id: string): Partial<Case> => ({ path: { collection_id } });

const nowhere = "00000000-0000-4000-8000-000000000000";
/** What every operation on a collection's records answers where there is none. */
const unknownCollection = (body?: unknown): Case[] => [
  missing("does not know a collection that is not there", { ...collection(nowhere), body }),
  invalid("refuses an id that is no UUID", { ...collection("notes"), body }),
];

const vectors: PackedVectors = pack([[1, 2]]);
const record = {
  ids: ["c"],
  embeddings: vectors,
  documents: ["text"],
  metadatas: [{ n: 1 }],
  uris: ["file:c"],
};
const wrongDimension = { ids: ["c"], embeddings: pack([[1, 2, 3]]) };
const writes = (status: number): Case[] => [
  succeeds({ status, body: record }),
  invalid("refuses an empty id", { body: { ...record, ids: [""] } }),
  invalid("refuses vectors of another dimension", { body: wrongDimension }),
  invalid("refuses columns of different lengths", { body: { ...record, documents: [] } }),
  misshapen({ ids: [1], embeddings: vectors }),
  misshapen(null, { title: "refuses no body" }),
  ...unknownCollection(record),
];

const everyColumn = ["documents", "embeddings", "metadatas", "uris"];
const badWhere = { where: { n: { $like: 1 } } };

const TENANT = "/api/v2/tenants/{tenant}";
const DATABASE = `${TENANT}/databases/{database}`;
const COLLECTIONS = `${DATABASE}/collections`;
const COLLECTION = `${COLLECTIONS}/{collection_id}`;

export const casesOf = ({ id }: Named): Readonly<Record<string, readonly Case[]>> => ({
  "get /api/v2/auth/identity": [succeeds()],
  "get /api/v2/healthcheck": [succeeds()],
  "get /api/v2/heartbeat": [succeeds()],
  "get /api/v2/pre-flight-checks": [succeeds()],
  "get /api/v2/version": [succeeds()],
  "post /api/v2/reset": [
    succeeds(),
    {
      title: "is refused where the settings forbid it",
      status: 403,
      error: "ChromaForbiddenError",
      withoutReset: true,
    },
  ],
  "post /api/v2/tenants": [
    succeeds({ body: { name: "acme" } }),
    taken({ body: { name: "default_tenant" } }),
    invalid("refuses a name of two characters", { body: { name: "ab" } }),
    misshapen({ name: 7 }),
    misshapen({}, { title: "refuses a body without a name" }),
  ],
  "get /api/v2/tenants/{tenant_name}": [
    succeeds(),
    missing("does not know a tenant that is not there", tenant("nobody")),
  ],
  "patch /api/v2/tenants/{tenant_name}": [
    succeeds({ body: { resource_name: "acme" } }),
    missing("does not know a tenant that is not there", {
      ...tenant("nobody"),
      body: { resource_name: "acme" },
    }),
    misshapen({ resource_name: 7 }),
  ],
  [`get ${TENANT}/databases`]: [
    succeeds({ query: { limit: 1, offset: 0 } }),
    invalid("refuses a limit that is no number", { query: { limit: "abc" } }),
    invalid("refuses a negative offset", { query: { offset: -1 } }),
  ],
  [`post ${TENANT}/databases`]: [
    succeeds({ body: { name: "words" } }),
    taken({ body: { name: "default_database" } }),
    invalid("refuses a name against the rule", { body: { name: "a" } }),
    misshapen({ name: null }),
  ],
  [`get ${DATABASE}`]: [succeeds(), missing("does not know a database that is not there", database("none"))],
  [`delete ${DATABASE}`]: [
    succeeds(),
    missing("does not know a database that is not there", database("none")),
  ],
  [`get ${COLLECTIONS}`]: [
    succeeds({ query: { limit: 5, offset: 0 } }),
    succeeds({ title: "has none in a database that is not there", ...database("none") }),
    invalid("refuses a limit that is no number", { query: { limit: "1.5" } }),
  ],
  [`get ${DATABASE}/collections_count`]: [succeeds()],
  [`post ${COLLECTIONS}`]: [
    succeeds({ body: { name: "other", metadata: { a: 1, tags: ["x"] } } }),
    succeeds({ title: "gets one that is there", body: { name: "notes", get_or_create: true } }),
    taken({ body: { name: "notes" } }),
    invalid("refuses a name against the rule", { body: { name: "a..b" } }),
    invalid("refuses metadata without a key", { body: { name: "other", metadata: {} } }),
    invalid("refuses two indexes", { body: { name: "other", configuration: { hnsw: {}, spann: {} } } }),
    invalid("refuses a database that is not there", { ...database("none"), body: { name: "other" } }),
    misshapen({ name: "other", configuration: { hnsw: { space: "l3" } } }),
    misshapen({ name: ["other"] }),
  ],
  [`get ${COLLECTIONS}/by-id/{collection_id}`]: [succeeds(), ...unknownCollection()],
  [`get ${COLLECTION}`]: [
    succeeds(collection("notes")),
    missing("does not know a name that is not there, nor an id", collection(id)),
  ],
  [`put ${COLLECTION}`]: [
    succeeds({
      body: { new_name: "renamed", new_metadata: { a: 2 }, new_configuration: { hnsw: { ef_search: 7 } } },
    }),
    invalid("refuses a name against the rule", { body: { new_name: "a" } }),
    taken({ body: { new_name: "second" } }),
    misshapen({ new_configuration: { hnsw: { space: "ip" } } }, { title: "refuses to change the space" }),
    misshapen(
      { new_configuration: { hnsw: { ef_construction: 9 } } },
      { title: "refuses to change efConstruction" },
    ),
    ...unknownCollection({}),
  ],
  [`delete ${COLLECTION}`]: [
    succeeds(collection("notes")),
    missing("does not know a name that is not there, nor an id", collection(id)),
  ],
  [`post ${COLLECTION}/add`]: writes(201),
  [`post ${COLLECTION}/update`]: writes(200),
  [`post ${COLLECTION}/upsert`]: writes(200),
  [`post ${COLLECTION}/delete`]: [
    succeeds({ body: { ids: ["a"] } }),
    succeeds({ title: "deletes what a filter matches", body: { where: { n: 1 }, limit: 1 } }),
    invalid("refuses a limit without a filter", { body: { ids: ["a"], limit: 1 } }),
    invalid("refuses no ids", { body: { ids: [] } }),
    invalid("refuses a filter that is none", { body: badWhere }),
    misshapen({ ids: "a" }),
    ...unknownCollection({ ids: ["a"] }),
  ],
  [`post ${COLLECTION}/get`]: [
    succeeds({ body: { include: everyColumn } }),
    succeeds({ title: "tells ids alone", body: { include: [], limit: 1, offset: 1 } }),
    invalid("refuses a filter that is none", { body: badWhere }),
    misshapen({ include: ["vectors"] }),
    misshapen({ limit: -1 }, { title: "refuses a negative limit" }),
    ...unknownCollection({}),
  ],
  [`post ${COLLECTION}/query`]: [
    succeeds({ body: { query_embeddings: vectors, include: [...everyColumn, "distances"] } }),
    succeeds({ title: "finds none of none", body: { query_embeddings: vectors, ids: [] } }),
    invalid("refuses vectors of another dimension", { body: { query_embeddings: pack([[1, 2, 3]]) } }),
    invalid("refuses a filter that is none", { body: { query_embeddings: vectors, ...badWhere } }),
    misshapen({ query_embeddings: vectors, n_results: 1.5 }),
    misshapen({}, { title: "refuses no vectors" }),
    ...unknownCollection({ query_embeddings: vectors }),
  ],
  [`get ${COLLECTION}/count`]: [
    succeeds({ query: { read_level: "index_only" } }),
    invalid("refuses a read level that is none", { query: { read_level: "all" } }),
    ...unknownCollection(),
  ],
  [`get ${COLLECTION}/indexing_status`]: [succeeds(), ...unknownCollection()],
  [`post ${COLLECTION}/search`]: [notYet],
  [`post ${COLLECTION}/fork`]: [notYet],
  [`get ${COLLECTION}/fork_count`]: [notYet],
  [`post ${COLLECTION}/functions/attach`]: [notYet],
  [`get ${COLLECTION}/functions/{function_name}`]: [notYet],
  [`post ${COLLECTION}/attached_functions/{name}/detach`]: [notYet],
  "get /api/v2/collections/{crn}": [notYet],
});
