// Vectors against a list of rows: whatever order appending, removing, indexing, saving and loading come in, a
// search of a small collection answers exactly what comparing every row answers.

import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { HnswModule, Space } from "../../wasm/hnsw.ts";
import { Bitset } from "../../worker/bitset.ts";
import { Vectors } from "../../worker/vectors/vectors.ts";
import { normalFrom, rowOf } from "../wasm/datasets.ts";
import { loadEngine } from "../wasm/engine.ts";
import { distanceBetween } from "../wasm/oracle.ts";
import { RowsInMemory } from "./rows-in-memory.ts";

vi.setConfig({ testTimeout: 60_000 });

const engine = await loadEngine();
const runs = Number(process.env["RUNS"] ?? 300);
const seed = process.env["SEED"];

interface Model {
  readonly rows: RowsInMemory;
  readonly live: Set<number>;
}

interface Real {
  readonly space: Space;
  vectors: Vectors;
}

function open(hnsw: HnswModule, space: Space, rows: RowsInMemory): Vectors {
  return Vectors.open({
    hnsw,
    dimension: rows.dimension,
    space,
    maxNeighbors: 8,
    efConstruction: 40,
    efSearch: 20,
    source: rows,
    cacheBytes: 40 * rows.dimension,
  });
}

type Command = fc.Command<Model, Real>;

class Append implements Command {
  constructor(
    readonly count: number,
    readonly magnitude: number,
    readonly seed: number,
  ) {}
  check = () => true;
  run({ rows, live }: Model, { vectors }: Real): void {
    const normal = normalFrom(this.seed);
    const values = Float32Array.from(
      { length: this.count * rows.dimension },
      () => normal() * this.magnitude,
    );
    const slot = rows.count;
    rows.push(values);
    vectors.append(slot, values);
    for (let i = 0; i < this.count; i++) live.add(slot + i);
    expect(vectors.slots).toBe(rows.count);
  }
  toString = () => `append(${this.count} x ${this.magnitude}, seed ${this.seed})`;
}

class Tombstone implements Command {
  constructor(readonly pick: number) {}
  check = ({ rows }: Model) => rows.count > 0;
  run({ rows, live }: Model, { vectors }: Real): void {
    const slot = this.pick % rows.count;
    live.delete(slot);
    vectors.tombstone(slot);
  }
  toString = () => `tombstone(${this.pick})`;
}

class IndexSlice implements Command {
  check = () => true;
  run(_model: Model, { vectors }: Real): void {
    while (vectors.indexSlice(1)) expect(vectors.slots).toBeGreaterThan(0);
    expect(vectors.unindexed).toBe(0);
  }
  toString = () => "indexSlice()";
}

class SaveAndLoad implements Command {
  check = () => true;
  run({ rows }: Model, real: Real): void {
    const pieces = [...real.vectors.saveImage()];
    real.vectors.close();
    real.vectors = open(engine, real.space, rows);
    expect(real.vectors.loadImage(pieces, rows.count)).toBe(rows.count);
  }
  toString = () => "saveAndLoad()";
}

class Search implements Command {
  constructor(
    readonly k: number,
    readonly pick: number,
    readonly allowedShare: number,
  ) {}
  check = () => true;
  run({ rows, live }: Model, { vectors, space }: Real): void {
    const set = rows.dataset();
    const normal = normalFrom(this.pick);
    const query =
      this.pick % 2 === 0 && rows.count > 0
        ? rowOf(set, this.pick % rows.count).slice()
        : Float32Array.from({ length: rows.dimension }, normal);
    const isAllowed = (slot: number) =>
      this.allowedShare >= 1 || (slot * 2654435761) % 1000 < this.allowedShare * 1000;
    const allowed = new Bitset();
    for (const slot of live) if (isAllowed(slot)) allowed.add(slot);

    const found = vectors.search(query, this.k, this.allowedShare >= 1 ? undefined : allowed);
    const truth = [...live]
      .filter(isAllowed)
      .map((slot) => ({
        distance: distanceBetween(space, query, rowOf(set, slot)),
        // An inner product of long vectors may be small, and is then as exact as its terms are.
        tolerance: 1e-5 * normOf(query) * normOf(rowOf(set, slot)),
      }))
      .sort((a, b) => a.distance - b.distance)
      .slice(0, this.k);
    expect(found.distances).toHaveLength(truth.length);
    truth.forEach(({ distance, tolerance }, i) => {
      expect(live.has(found.slots[i]!)).toBe(true);
      const difference = Math.abs(found.distances[i]! - distance);
      expect(difference).toBeLessThanOrEqual(1e-4 * (1 + Math.abs(distance)) + tolerance);
    });
  }
  toString = () => `search(k ${this.k}, query ${this.pick}, allowed ${this.allowedShare})`;
}

function normOf(vector: Float32Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}

const commands = [
  fc
    .tuple(fc.integer({ min: 1, max: 60 }), fc.constantFrom(0.01, 1, 1, 1, 10, 100), fc.nat(1000))
    .map(([count, magnitude, from]) => new Append(count, magnitude, from)),
  fc.nat(500).map((pick) => new Tombstone(pick)),
  fc.constant(new IndexSlice()),
  fc.constant(new SaveAndLoad()),
  fc
    .tuple(fc.integer({ min: 1, max: 30 }), fc.nat(1000), fc.constantFrom(1, 1, 0.5, 0.1, 0.01))
    .map(([k, pick, share]) => new Search(k, pick, share)),
];

test.each<[Space, number]>([
  ["l2", 3],
  ["l2", 48],
  ["cosine", 48],
  ["ip", 40],
])("in %s with %i dimensions it behaves as a list of rows", (space, dimension) => {
  fc.assert(
    fc.property(fc.commands(commands, { maxCommands: 40 }), (list) => {
      const rows = new RowsInMemory(dimension);
      const real: Real = { space, vectors: open(engine, space, rows) };
      try {
        fc.modelRun(() => ({ model: { rows, live: new Set<number>() }, real }), list);
      } finally {
        real.vectors.close();
      }
    }),
    { numRuns: runs, ...(seed === undefined ? {} : { seed: Number(seed) }) },
  );
});
