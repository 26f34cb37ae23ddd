// Makes data sets and keeps them as plain files in bench/data/, from where a page can fetch them too.

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import usearch from "usearch";
import { datasetFiles, row, truthDepth, type Dataset } from "./dataset.ts";
import { generateVectors } from "./generated-vectors.ts";
import { readGloveVectors } from "./glove-vectors.ts";

/** Raised when a generator changes: what was kept is then of no use. */
const version = 1;

/** Name of the folder, inside the data folder, that `openDataset` keeps this data set in. */
export function datasetFolder(name: string): string {
  return `${name}-v${version}`;
}

/** `generated-100000` (384-d, that many rows, 1,000 queries) or `glove` (100-d, 340,113 rows, 1,366 queries). */
export function openDataset(name: string, dataFolder: string): Dataset {
  const dimension = name === "glove" ? 100 : 384;
  const folder = join(dataFolder, datasetFolder(name));
  if (!existsSync(folder)) {
    const made =
      name === "glove" ? readGloveVectors() : generate(Number(name.slice("generated-".length)), dimension);
    // Renamed when complete: an interrupted run leaves nothing that looks whole.
    const unfinished = `${folder}.unfinished`;
    mkdirSync(unfinished, { recursive: true });
    writeFileSync(join(unfinished, datasetFiles.vectors), made.vectors);
    writeFileSync(join(unfinished, datasetFiles.queries), made.queries);
    writeFileSync(join(unfinished, datasetFiles.truth), findTruth(made.vectors, made.queries, dimension));
    renameSync(unfinished, folder);
  }
  const bytes = (file: string) => {
    const { buffer, byteOffset, byteLength } = readFileSync(join(folder, file));
    return buffer.slice(byteOffset, byteOffset + byteLength);
  };
  return {
    name,
    dimension,
    vectors: new Float32Array(bytes(datasetFiles.vectors)),
    queries: new Float32Array(bytes(datasetFiles.queries)),
    truth: new Uint32Array(bytes(datasetFiles.truth)),
  };
}

function generate(rows: number, dimension: number): { vectors: Float32Array; queries: Float32Array } {
  const stream = generateVectors(1, dimension);
  const take = (count: number) => {
    const matrix = new Float32Array(count * dimension);
    for (let i = 0; i < count; i++) stream.next(row(matrix, i, dimension));
    return matrix;
  };
  return { vectors: take(rows), queries: take(1_000) };
}

function findTruth(vectors: Float32Array, queries: Float32Array, dimension: number): Uint32Array {
  // All rows have length 1, where inner product and cosine order alike.
  const { keys } = usearch.exactSearch(vectors, queries, dimension, truthDepth, usearch.MetricKind.IP);
  return Uint32Array.from(keys, Number);
}
