// What an operation is to the engine: something that reads, or something that resolves to a write.

import type { Operation } from "../../src/protocol/operation.ts";
import type { EngineStorageInfo } from "../../src/protocol/storage-info.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { CatalogChange } from "../catalog/change.ts";
import type { PendingWrite } from "../collection/collection.ts";
import type { ArchiveImport } from "../archive/import.ts";
import type { Exports } from "../archive/exports.ts";
import type { FrozenFiles } from "../path/freeze.ts";
import type { Archives } from "./archives.ts";
import type { LoadedCollections } from "./collections.ts";
import type { Ticket } from "./tickets.ts";

/** What handlers work on. */
export interface EngineContext {
  readonly catalog: Catalog;
  readonly collections: LoadedCollections;
  readonly allowReset: boolean;
  storageInfo(): EngineStorageInfo;
  /** Makes durable what relaxed writes left. */
  flush(): Promise<void>;
  /** @throws {RequestError}  501: this composition moves no path */
  archives(): Promise<Archives>;
  readonly exports: Exports;
  /** The path's files as they are now. */
  freeze(): FrozenFiles;
  /** Of the operation that runs. */
  readonly ticket: Ticket;
}

/** What an operation is answered with. */
export interface Answer {
  readonly status: number;
  readonly data: unknown;
}

/**
 * A write that memory has and the log has not yet. The answer is given once it is durable; where
 * neither a change of the catalog nor one of records came of it, at once.
 */
export interface ResolvedWrite extends Answer {
  readonly change?: CatalogChange;
  readonly records?: { readonly collection: string; readonly pending: PendingWrite };
  /** Whether it makes room, and goes through on a full disk. */
  readonly frees?: boolean;
}

/** An operation that changes nothing. */
export interface ReadHandler {
  readonly kind: "read";
  /** Whether it is answered also where the log is damaged, so that what the others would say may be old. */
  readonly worksOnDamage?: boolean;
  run(operation: Operation, context: EngineContext): Answer | Promise<Answer>;
}

export interface ImportHandler {
  readonly kind: "import";
  /** @returns  what became of the import; after an error it is given up */
  run(operation: Operation, archive: ArchiveImport): Promise<"under way" | "whole" | "given up">;
}

/** An operation about another one, answered while that runs. */
export interface TicketHandler {
  readonly kind: "ticket";
  run(ticket: Ticket | undefined): Answer;
}

export type Handler =
  | ReadHandler
  | ImportHandler
  | TicketHandler
  | {
      readonly kind: "write";
      /** Whether it may share an append with writes before it, which it must not need to read back. */
      isGroupable(operation: Operation): boolean;
      /** Applies the write in memory. Throws before it has changed anything, or the path is opened anew. */
      resolve(operation: Operation, context: EngineContext): ResolvedWrite | Promise<ResolvedWrite>;
    };

export function ok(data: unknown): Answer {
  return { status: 200, data };
}
