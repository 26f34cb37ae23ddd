// What the rows of a collection take in memory: a file of its own, since sql.js is started once a module.

import { readFile } from "node:fs/promises";
import initSqlJs, { type SqlJsStatic } from "sql.js";
import { expect, test } from "vitest";
import { Rows } from "../../worker/rows/rows.ts";
import { Serials } from "../../worker/rows/serials.ts";
import { findTexts } from "./find-texts.ts";
import { MemoryTexts } from "./memory-texts.ts";

/** sql.js, and how many bytes its wasm memory has. */
async function measuredSql(): Promise<{ sql: SqlJsStatic; bytes: () => number }> {
  const wasm = await readFile(new URL("../../node_modules/sql.js/dist/sql-wasm.wasm", import.meta.url));
  let memory: WebAssembly.Memory | undefined;
  const sql = await initSqlJs({
    instantiateWasm: (imports, received) => {
      const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), imports);
      memory = Object.values(instance.exports).find((each) => each instanceof WebAssembly.Memory);
      received(instance);
      return instance.exports;
    },
  });
  return { sql, bytes: () => memory!.buffer.byteLength };
}

test("the rows of a tiny collection take less than 100 kB, new or opened again, and say how much", async () => {
  const { sql, bytes } = await measuredSql();
  const open = (images: readonly Uint8Array[]): Rows =>
    Rows.open({ sql, findTexts }, { images, changes: [] }, new MemoryTexts(), new Serials());
  const create = (): Rows => {
    const rows = open([]);
    const inserts = {
      sequenceStart: 0,
      serialStart: 0,
      ids: ["a"],
      metadatas: [{ key: 1 }],
      documents: [],
      uris: [],
    };
    rows.begin();
    rows.apply({ inserts });
    rows.commit();
    return rows;
  };
  const image = create().freezeShard(0)();
  for (const make of [create, () => open([image])]) {
    const before = bytes();
    const all = Array.from({ length: 500 }, make);
    // SQLite's own choice of a cache took 147 kB.
    expect((bytes() - before) / all.length).toBeLessThan(100_000);
    for (const rows of all) {
      expect(rows.memoryUsed()).toBeGreaterThan(64_000);
      expect(rows.memoryUsed()).toBeLessThan(128_000);
    }
  }
});
