// A data set of the benchmarks: vectors, queries, and the true nearest of each query. Pure: a page
// reads one over HTTP (`fetchDataset`), Node makes and keeps it (open-dataset.ts).

/** How many of the true nearest are kept for each query. */
export const truthDepth = 100;

export interface Dataset {
  readonly name: string;
  readonly dimension: number;
  /** Rows one after another, each of length 1. */
  readonly vectors: Float32Array;
  readonly queries: Float32Array;
  /** `truthDepth` row numbers a query, nearest first, by exact search in f32. */
  readonly truth: Uint32Array;
}

/** The files of a data set, little-endian. */
export const datasetFiles = { vectors: "vectors.f32", queries: "queries.f32", truth: "truth.u32" } as const;

/** Row `i` of a matrix, not copied. */
export function row(matrix: Float32Array, i: number, dimension: number): Float32Array {
  return matrix.subarray(i * dimension, (i + 1) * dimension);
}

/** For each query its k true nearest. */
export function nearestRows({ truth }: Dataset, k: number): Uint32Array[] {
  return Array.from({ length: truth.length / truthDepth }, (_, i) =>
    truth.subarray(i * truthDepth, i * truthDepth + k),
  );
}

/** @param folderUrl  where the files of the data set are served */
export async function fetchDataset(name: string, dimension: number, folderUrl: string): Promise<Dataset> {
  const [vectors, queries, truth] = await Promise.all(
    Object.values(datasetFiles).map(async (file) => {
      const response = await fetch(`${folderUrl}/${file}`);
      if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
      return response.arrayBuffer();
    }),
  );
  return {
    name,
    dimension,
    vectors: new Float32Array(vectors!),
    queries: new Float32Array(queries!),
    truth: new Uint32Array(truth!),
  };
}
