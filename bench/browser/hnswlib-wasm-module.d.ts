// The part of hnswlib-wasm's interface that is used, so that the style check passes where the
// benchmarks' own packages are not installed.

declare module "hnswlib-wasm" {
  export interface HierarchicalNSW {
    initIndex(capacity: number, maxNeighbors: number, efConstruction: number, seed: number): void;
    /** Returns the labels given: 0, 1, 2, … */
    addItems(items: Float32Array[], replaceDeleted: boolean): number[];
    setEfSearch(efSearch: number): void;
    searchKnn(
      query: Float32Array,
      k: number,
      filter: ((label: number) => boolean) | undefined,
    ): { neighbors: number[]; distances: number[] };
  }

  export function loadHnswlib(): Promise<{
    HierarchicalNSW: new (
      space: "l2" | "ip" | "cosine",
      dimension: number,
      autoSaveFile: string,
    ) => HierarchicalNSW;
  }>;
}
