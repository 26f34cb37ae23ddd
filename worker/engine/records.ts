// The part of an engine that works on records: collections in memory and the operations on them. It is
// most of the code and needs sql.js and wasm, so it comes with the first collection that is used
// (worker/records.ts); until then an engine knows it by this interface alone.

import type { Operation } from "../../src/protocol/operation.ts";
import { notImplemented } from "../../src/protocol/request-error.ts";
import type { Collection, CollectionShape } from "../collection/collection.ts";
import type { CollectionStore } from "../path/collection-store.ts";
import type { Answer, EngineContext, Handler, ResolvedWrite } from "./handler.ts";

type Read = (operation: Operation, context: EngineContext) => Promise<Answer>;
type Resolve = (operation: Operation, context: EngineContext) => Promise<ResolvedWrite>;

/** Operations on the records of one collection, by their names in Chroma's client. */
export interface RecordOperations {
  readonly count: Read;
  readonly get: Read;
  readonly query: Read;
  readonly indexingStatus: Read;
  readonly add: Resolve;
  readonly update: Resolve;
  readonly upsert: Resolve;
  readonly delete: Resolve;
}

export interface Records {
  readonly operations: RecordOperations;
  /** @throws {Failure}  "corrupt" for damage in rows or vectors */
  openCollection(store: CollectionStore, shape: CollectionShape): Collection;
  /** Reads around damage; absent where the composition has no caller for it. */
  readonly salvage?: Read;
  /** Makes regular expressions usable in filters. */
  loadRegex(): Promise<void>;
}

/** A handler whose code is loaded when it first runs. */
export function recordRead(name: "count" | "get" | "query" | "indexingStatus"): Handler {
  return {
    kind: "read",
    run: async (operation, context) =>
      (await context.collections.records()).operations[name](operation, context),
  };
}

/** Alike; answered also where the log is damaged. */
export const salvageRead: Handler = {
  kind: "read",
  worksOnDamage: true,
  run: async (operation, context) => {
    const { salvage } = await context.collections.records();
    if (salvage === undefined) throw notImplemented("salvage is not served here");
    return salvage(operation, context);
  },
};

/** Alike, for a write; `isGroupable` is asked before anything is loaded. */
export function recordWrite(
  name: "add" | "update" | "upsert" | "delete",
  isGroupable: (operation: Operation) => boolean = () => true,
): Handler {
  return {
    kind: "write",
    isGroupable,
    resolve: async (operation, context) =>
      (await context.collections.records()).operations[name](operation, context),
  };
}

/** Whether a request of `delete` selects by a filter, which reads what a write before it is about to store. */
export function hasFilter({ body }: Operation): boolean {
  const { where, where_document } = (body ?? {}) as { where?: unknown; where_document?: unknown };
  return (where ?? null) !== null || (where_document ?? null) !== null;
}
