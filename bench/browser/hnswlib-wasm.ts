// hnswlib-wasm: the index that most pages use today. f32, plain wasm without vector instructions of
// its own choosing; no rows, no filters by value, no storage of records.

import { loadHnswlib, type HierarchicalNSW } from "hnswlib-wasm";
import { row } from "../datasets/dataset.ts";
import type { Peer, PeerParameters } from "../engine/peer.ts";

const rowsPerCall = 1_000;

export class HnswlibWasm implements Peer {
  readonly name = "hnswlib-wasm 0.8.2";
  readonly #index: HierarchicalNSW;
  readonly #dimension: number;

  private constructor(index: HierarchicalNSW, dimension: number) {
    this.#index = index;
    this.#dimension = dimension;
  }

  static async open({
    dimension,
    capacity,
    maxNeighbors,
    efConstruction,
  }: PeerParameters): Promise<HnswlibWasm> {
    const library = await loadHnswlib();
    const index = new library.HierarchicalNSW("cosine", dimension, "");
    index.initIndex(capacity, maxNeighbors, efConstruction, 1);
    return new HnswlibWasm(index, dimension);
  }

  add(vectors: Float32Array): void {
    const count = vectors.length / this.#dimension;
    for (let start = 0; start < count; start += rowsPerCall) {
      const rows = Array.from({ length: Math.min(rowsPerCall, count - start) }, (_, i) =>
        row(vectors, start + i, this.#dimension),
      );
      this.#index.addItems(rows, false);
    }
  }

  finish(): void {}

  search(query: Float32Array, k: number, efSearch: number): ArrayLike<number> {
    this.#index.setEfSearch(efSearch);
    return this.#index.searchKnn(query, k, undefined).neighbors;
  }

  memoryUsed(): undefined {
    return undefined;
  }

  /** It has no way to give memory back but to be collected. */
  close(): void {}
}
