// The captured replies of a real Chroma server, and the same requests run through our catalog.

import { readdirSync, readFileSync } from "node:fs";
import type { PackedVectors } from "../../src/protocol/operation.ts";
import { Catalog } from "../../worker/catalog/catalog.ts";
import { collectionToJson, type CollectionJson } from "../../worker/catalog/collection-json.ts";
import {
  mustGetCollection,
  planCreateCollection,
  planUpdateCollection,
  planWrite,
} from "../../worker/catalog/collections.ts";
import { parseCreateCollection, parseUpdateCollection } from "../../worker/requests/collection.ts";
import { presentRows } from "../../worker/requests/embeddings.ts";
import { parseAdd, parseUpdate, parseUpsert } from "../../worker/requests/write.ts";

interface Capture {
  readonly requests: readonly { readonly method: string; readonly route: string; readonly body: object }[];
  readonly reply: CollectionJson;
}

const folder = new URL("../fixtures/chroma-server/", import.meta.url);
const parseByOperation = { add: parseAdd, update: parseUpdate, upsert: parseUpsert };

export const captureNames = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.replace(".json", ""));

export function readCapture(name: string): Capture {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as Capture;
}

/** The collection that our catalog has after the requests. */
export function runCapture({ requests, reply: { id } }: Capture): CollectionJson {
  const catalog = new Catalog();
  const written = new Set<string>();
  const scope = { tenant: "default_tenant", database: "default_database" };
  for (const { method, route, body } of requests) {
    const operation = route.split("/").at(-1)!;
    if (operation === "collections") {
      catalog.apply(planCreateCollection(catalog, scope, parseCreateCollection(body), () => id).change!);
    } else if (method === "put") {
      catalog.apply(planUpdateCollection(catalog, id, parseUpdateCollection(body)).change!);
    } else {
      const parse = parseByOperation[operation as keyof typeof parseByOperation];
      const { ids, embeddings, metadatas } = parse(packed(body));
      if (operation !== "update") for (const recordId of ids) written.add(recordId);
      const changed = metadatas?.filter((_, index) => written.has(ids[index]!)) ?? null;
      const hasVectors = embeddings !== null && presentRows(embeddings) > 0;
      const record = mustGetCollection(catalog, id);
      const change = planWrite(record, hasVectors ? embeddings.dimension : null, changed);
      if (change !== undefined) catalog.apply(change);
    }
  }
  return collectionToJson(mustGetCollection(catalog, id));
}

/** The body with its number[][] packed, as the seam has it. */
function packed(body: object): object {
  if (!("embeddings" in body)) return body;
  return { ...body, embeddings: packRows(body.embeddings as number[][]) };
}

export function packRows(rows: readonly (readonly number[])[]): PackedVectors {
  return { rows: rows.length, dimension: rows[0]?.length ?? 0, values: Float32Array.from(rows.flat()) };
}
