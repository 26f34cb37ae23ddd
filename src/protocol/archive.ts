// Operations of ours that move a whole path: its archive is read in sections, and written in pieces.

import type { Operation } from "./operation.ts";

/** Starts an export: what the path has at that moment stays readable until it is ended. Data: `ExportStarted`. */
export const startExportOperation = {
  method: "post",
  route: "/chromalite/exports",
} as const satisfies Operation;

/** Reads section `path.section` of export `path.export`, from 0 on. Data: `ArchiveBytes`. */
export const readExportOperation = {
  method: "get",
  route: "/chromalite/exports/{export}/sections/{section}",
} as const satisfies Operation;

/** Ends export `path.export`; of one that is unknown it does nothing. */
export const endExportOperation = {
  method: "delete",
  route: "/chromalite/exports/{export}",
} as const satisfies Operation;

/** Takes the next bytes of an archive, or after the last ones opens what came. Body: `ArchivePiece`. */
export const importOperation = {
  method: "post",
  route: "/chromalite/import",
} as const satisfies Operation;

/** Gives up an import: the path is empty again. */
export const cancelImportOperation = {
  method: "delete",
  route: "/chromalite/import",
} as const satisfies Operation;

export interface ExportStarted {
  readonly export: string;
  readonly sections: number;
  /** Of the whole archive. */
  readonly bytes: number;
}

export interface ArchiveBytes {
  readonly bytes: Uint8Array;
}

export interface ArchivePiece {
  readonly bytes: Uint8Array;
  /** Whether these are the last ones. */
  readonly isEnd: boolean;
}
