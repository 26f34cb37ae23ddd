// Operations that move a whole path: an export beside the others' calls, an import in an engine of its own.

import type { ArchivePiece } from "../../src/protocol/archive.ts";
import { type Handler, ok } from "./handler.ts";

export const startExport: Handler = {
  kind: "read",
  run: async (_, context) => {
    const archives = await context.archives();
    return ok(context.exports.start(archives.exportOf(context.freeze())));
  },
};

export const readExport: Handler = {
  kind: "read",
  run: ({ path }, { exports }) => ok({ bytes: exports.read(path!["export"]!, Number(path!["section"])) }),
};

export const endExport: Handler = {
  kind: "read",
  run: ({ path }, { exports }) => {
    exports.end(path!["export"]!);
    return ok({});
  },
};

export const importArchive: Handler = {
  kind: "import",
  run: async ({ body }, archive) => {
    const { bytes, isEnd } = body as ArchivePiece;
    archive.take(bytes);
    if (isEnd) await archive.finish();
    return isEnd ? "whole" : "under way";
  },
};

export const cancelImport: Handler = {
  kind: "import",
  run: async () => "given up",
};
