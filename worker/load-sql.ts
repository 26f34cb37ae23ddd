// sql.js, loaded when a collection is first opened: its script and its wasm are files of their own,
// so that a page that lists collections loads neither. The build turns the import of the package into
// one of the file beside the worker, at run time: no bundler of an application has to split the worker.

import type { SqlJsStatic } from "sql.js";
import { loadFile } from "./load-file.ts";
import { loadOnce } from "./once.ts";

interface SqlModule {
  readonly default: (config: { wasmBinary: ArrayBuffer }) => Promise<SqlJsStatic>;
}

/**
 * sql.js, compiled. Loaded once a worker; a load that failed is tried again by the next call.
 *
 * Cost: 17 kB of script and 336 kB of wasm, gzipped, and some 20 ms to compile.
 *
 * @param folder  where sql.js and sql-wasm.wasm are, ending in a slash; beside the worker when absent
 * @throws {Error}  a file is not there
 */
export const loadSql = loadOnce(async (folder?: string): Promise<SqlJsStatic> => {
  const wasmUrl =
    folder === undefined
      ? new URL("../node_modules/sql.js/dist/sql-wasm.wasm", import.meta.url)
      : new URL("sql-wasm.wasm", folder);
  const [{ default: initSqlJs }, wasmBinary] = await Promise.all([importSql(folder), loadFile(wasmUrl)]);
  return keepingMarks(() => initSqlJs({ wasmBinary }));
});

/**
 * Starts sql.js (1.16), which makes one decoder for all its texts, synchronously, and lets it take a byte
 * order mark off their beginning: an id that begins with U+FEFF would come back as another.
 */
function keepingMarks<T>(start: () => T): T {
  const { TextDecoder } = globalThis;
  globalThis.TextDecoder = class extends TextDecoder {
    constructor() {
      super("utf-8", { ignoreBOM: true });
    }
  };
  try {
    return start();
  } finally {
    globalThis.TextDecoder = TextDecoder;
  }
}

function importSql(folder: string | undefined): Promise<SqlModule> {
  if (folder === undefined) return import("sql.js");
  return import(/* @vite-ignore */ new URL("sql.js", folder).href) as Promise<SqlModule>;
}
