// What a page downloads, and how much of it is allowed. Gzipped at level 9, in kB of 1000 bytes.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** What is loaded together, and its limit. sql.js and re2js have files of their own, whose size is not ours. */
export const budgets = [
  { name: "entry", files: ["chromalite.js"], kilobytesMax: 36.8 },
  { name: "worker and wasm", files: ["worker.js", "hnsw-relaxed.wasm"], kilobytesMax: 90 },
  { name: "what works on records", files: ["records.js"], kilobytesMax: 32 },
  { name: "archives", files: ["archives.js"], kilobytesMax: 3 },
  { name: "service worker", files: ["service-worker.js"], kilobytesMax: 143 },
];

/** What of the entry an application ships that bundles it and uses `PersistentClient` alone: the rest is left out. */
export const applicationKilobytesMax = 32.5;

/**
 * Sizes of the package's files in `folder`, gzipped.
 * @param {string} folder
 * @param {string[]} files
 */
export function gzippedKilobytes(folder, files) {
  const bytes = files
    .map((file) => join(folder, file))
    .filter(existsSync)
    .map((file) => gzipSync(readFileSync(file), { level: 9 }).length);
  return bytes.reduce((sum, each) => sum + each, 0) / 1000;
}
