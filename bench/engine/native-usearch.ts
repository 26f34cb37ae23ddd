// The native usearch addon for Node: the same algorithm with the machine's own vector instructions.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import usearch, { type Index } from "usearch";
import type { Peer, PeerParameters } from "./peer.ts";

export class NativeUsearch implements Peer {
  readonly name = "native usearch f32";
  readonly #folder = mkdtempSync(join(tmpdir(), "chromalite-bench-"));
  readonly #built: Index;
  readonly #indexByEfSearch = new Map<number, Index>();
  #rows = 0;

  constructor(readonly parameters: PeerParameters) {
    this.#built = this.#newIndex(64);
  }

  add(vectors: Float32Array): void {
    const count = vectors.length / this.parameters.dimension;
    const keys = BigUint64Array.from({ length: count }, (_, i) => BigInt(this.#rows + i));
    this.#built.add(keys, vectors, 1);
    this.#rows += count;
  }

  finish(): void {
    this.#built.save(this.#file);
  }

  search(query: Float32Array, k: number, efSearch: number): ArrayLike<number> {
    const { keys } = this.#withEfSearch(efSearch).search(query, k, 1);
    return Array.from(keys, Number);
  }

  memoryUsed(): undefined {
    return undefined;
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }

  get #file(): string {
    return join(this.#folder, "index.usearch");
  }

  /** The addon takes efSearch at construction only, so each value is its own loaded copy. */
  #withEfSearch(efSearch: number): Index {
    let index = this.#indexByEfSearch.get(efSearch);
    if (index === undefined) {
      index = this.#newIndex(efSearch);
      index.load(this.#file);
      this.#indexByEfSearch.clear();
      this.#indexByEfSearch.set(efSearch, index);
    }
    return index;
  }

  #newIndex(efSearch: number): Index {
    const { dimension, maxNeighbors, efConstruction } = this.parameters;
    return new usearch.Index({
      dimensions: dimension,
      metric: usearch.MetricKind.Cos,
      quantization: usearch.ScalarKind.F32,
      connectivity: maxNeighbors,
      expansion_add: efConstruction,
      expansion_search: efSearch,
      multi: false,
    });
  }
}
