// Vectors to search: real ones from the fixture, and generated ones that are the same for the same seed.

import { readFileSync } from "node:fs";

/** Rows one after another. */
export interface Dataset {
  readonly dimension: number;
  readonly rows: number;
  readonly values: Float32Array<ArrayBuffer>;
}

export function rowOf({ dimension, values }: Dataset, row: number): Float32Array<ArrayBuffer> {
  return values.subarray(row * dimension, (row + 1) * dimension);
}

/** The first `rows` rows and the rest, to be used as data and queries. */
export function splitDataset(set: Dataset, rows: number): [Dataset, Dataset] {
  const { dimension, values } = set;
  return [
    { dimension, rows, values: values.subarray(0, rows * dimension) },
    { dimension, rows: set.rows - rows, values: values.subarray(rows * dimension) },
  ];
}

/** 778 texts embedded by all-MiniLM-L6-v2, in an order that mixes topics. */
export function realEmbeddings(): Dataset {
  const bytes = readFileSync(new URL("../fixtures/embeddings/minilm-778x384.f32", import.meta.url));
  const stored = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const dimension = 384;
  const rows = stored.length / dimension;
  const values = new Float32Array(stored.length);
  const stride = 181; // has no factor in common with 778
  for (let row = 0; row < rows; row++) {
    const from = ((row * stride) % rows) * dimension;
    values.set(stored.subarray(from, from + dimension), row * dimension);
  }
  return { dimension, rows, values };
}

/** Numbers from 0 to below 1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normally distributed numbers (Box and Muller). */
export function normalFrom(seed: number): () => number {
  const random = randomFrom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * Vectors like those of a text model: clusters in a space of fewer dimensions, mapped to all of them, with noise,
 * unit length. Isotropic noise would have no neighbors to speak of.
 */
export function textLikeEmbeddings(rows: number, dimension: number, seed: number): Dataset {
  const normal = normalFrom(seed);
  const random = randomFrom(seed + 1);
  const latent = Math.min(200, Math.ceil(dimension / 2));
  const clusters = 50;
  const map = Float32Array.from({ length: latent * dimension }, () => normal() / Math.sqrt(latent));
  const centers = Float32Array.from({ length: clusters * latent }, normal);
  const values = new Float32Array(rows * dimension);
  const point = new Float32Array(latent);
  for (let row = 0; row < rows; row++) {
    const center = Math.floor(random() * clusters) * latent;
    // Few directions carry much of the variance, as in real embeddings.
    for (let j = 0; j < latent; j++) point[j] = centers[center + j]! + normal() / (1 + j / 40);
    const vector = values.subarray(row * dimension, (row + 1) * dimension);
    for (let j = 0; j < latent; j++)
      for (let i = 0; i < dimension; i++) vector[i] = vector[i]! + point[j]! * map[j * dimension + i]!;
    for (let i = 0; i < dimension; i++) vector[i] = vector[i]! + 0.3 * normal();
    makeUnit(vector);
  }
  return { dimension, rows, values };
}

/** Points around `clusters` centers, `spread` of the centers' distance apart. */
export function clusteredPoints(
  rows: number,
  dimension: number,
  clusters: number,
  spread: number,
  seed: number,
): Dataset {
  const normal = normalFrom(seed);
  const random = randomFrom(seed + 1);
  const centers = Float32Array.from({ length: clusters * dimension }, () => 10 * normal());
  const values = new Float32Array(rows * dimension);
  for (let row = 0; row < rows; row++) {
    const center = Math.floor(random() * clusters) * dimension;
    for (let i = 0; i < dimension; i++)
      values[row * dimension + i] = centers[center + i]! + spread * normal();
  }
  return { dimension, rows, values };
}

/** `originals` text-like vectors, each many times over with a change too small for a byte to show. */
export function nearDuplicates(rows: number, dimension: number, originals: number, seed: number): Dataset {
  const base = textLikeEmbeddings(originals, dimension, seed);
  const normal = normalFrom(seed + 2);
  const values = new Float32Array(rows * dimension);
  for (let row = 0; row < rows; row++) {
    const original = rowOf(base, row % originals);
    for (let i = 0; i < dimension; i++) values[row * dimension + i] = original[i]! + 1e-4 * normal();
  }
  return { dimension, rows, values };
}

export function scaled(set: Dataset, factorOf: (row: number) => number): Dataset {
  const values = set.values.slice();
  for (let i = 0; i < values.length; i++) values[i] = values[i]! * factorOf(Math.floor(i / set.dimension));
  return { ...set, values };
}

function makeUnit(vector: Float32Array): void {
  const norm = Math.hypot(...vector);
  for (let i = 0; i < vector.length; i++) vector[i] = vector[i]! / norm;
}
