// Our engine as a peer: the class that a collection uses, over vectors that lie in memory. What a page
// pays on top (worker, rows, storage) is measured through the public API.

import { loadHnsw } from "../../worker/load-hnsw.ts";
import { Vectors } from "../../worker/vectors/vectors.ts";
import type { Peer, PeerParameters } from "./peer.ts";

/** Bytes of full vectors that are kept beside the codes: all, or next to none. */
export type Cache = "all" | "floor";

const floorBytes = 1 << 20;
const sliceMs = 1_000;
const efSearchBuilt = 100;

export class ChromaliteVectors implements Peer {
  readonly name: string;
  readonly #vectors: Vectors;
  #efSearch = efSearchBuilt;

  private constructor(name: string, vectors: Vectors) {
    this.name = name;
    this.#vectors = vectors;
  }

  /**
   * @param source   every vector that will be added, in order
   * @param library  folder of the wasm binaries, a URL that ends in a slash
   */
  static async open(
    { dimension, capacity, maxNeighbors, efConstruction }: PeerParameters,
    cache: Cache,
    source: Float32Array,
    library: string,
  ): Promise<ChromaliteVectors> {
    const hnsw = await loadHnsw(library);
    const vectors = Vectors.open({
      hnsw,
      dimension,
      space: "cosine",
      maxNeighbors,
      efConstruction,
      efSearch: efSearchBuilt,
      cacheBytes: cache === "all" ? capacity * dimension * 4 * 2 : floorBytes,
      source: {
        holds: () => true,
        readRows: (slot, count, target) =>
          target.set(source.subarray(slot * dimension, (slot + count) * dimension)),
      },
    });
    return new ChromaliteVectors(`chromalite, f32 cache: ${cache}`, vectors);
  }

  add(vectors: Float32Array): void {
    this.#vectors.append(this.#vectors.slots, vectors);
    while (this.#vectors.indexSlice(sliceMs));
  }

  finish(): void {
    while (this.#vectors.indexSlice(sliceMs));
  }

  search(query: Float32Array, k: number, efSearch: number): ArrayLike<number> {
    this.#setEfSearch(efSearch);
    return this.#vectors.search(query, k).slots;
  }

  memoryUsed(): number {
    return this.#vectors.memoryUsed();
  }

  close(): void {
    this.#vectors.close();
  }

  /** How broad the graph has to be searched for it is found out between requests: here, in the warm-up. */
  #setEfSearch(efSearch: number): void {
    if (efSearch === this.#efSearch) return;
    this.#efSearch = efSearch;
    this.#vectors.setEfSearch(efSearch);
    this.finish();
  }
}
