// What the engine benchmark asks of an index, ours or another's. One thread, one query a call, as a
// page does it; distances are cosine of unit vectors.

export interface Peer {
  readonly name: string;
  /** Adds rows behind those it has: the i-th row ever added is found as i. */
  add(vectors: Float32Array): void;
  /** Called once after the last `add`. */
  finish(): void;
  /** Rows of the `k` nearest, nearest first. */
  search(query: Float32Array, k: number, efSearch: number): ArrayLike<number>;
  /** Bytes held for codes, vectors and graph; undefined when it cannot tell. */
  memoryUsed(): number | undefined;
  close(): void;
}

export interface PeerParameters {
  readonly dimension: number;
  readonly capacity: number;
  readonly maxNeighbors: number;
  readonly efConstruction: number;
}
