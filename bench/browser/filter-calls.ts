// Filtered queries through the public API, at every share of allowed records, against exact search.

import { fetchDataset, row, type Dataset } from "../datasets/dataset.ts";
import { generateRecords } from "../datasets/generated-records.ts";
import { dot, queriesOnOneSide, sidesOf } from "../datasets/sides.ts";
import { recallOf, timeEach } from "../measure.ts";
import { k, placeOf, recordSeed, withCollection, type Target } from "./collection-calls.ts";

/** Which records are allowed: any, those around the queries, or those farthest from them. */
export type Placement = "random" | "around" | "far";

export interface FilteredTimes {
  readonly recall: number;
  readonly milliseconds: number[];
  readonly placement: Placement | "unfiltered";
  /** Share of the records that the filter allows, 0 to 1. */
  readonly share: number;
}

const queryCount = 100;

export async function queryFiltered(
  target: Target & { placements: Placement[]; shares: number[] },
): Promise<FilteredTimes[]> {
  const dataset = await fetchDataset(target.dataset, target.dimension, target.folderUrl);
  const rows = dataset.vectors.length / dataset.dimension;
  const sides = sidesOf(dataset);
  const recordOf = generateRecords(recordSeed, sides);
  const shares = Float64Array.from({ length: rows }, (_, i) => recordOf(i).metadata["share"] as number);
  const queries = queriesOnOneSide(dataset, queryCount).map((i) =>
    row(dataset.queries, i, dataset.dimension),
  );

  const cases = target.placements.flatMap((placement) =>
    target.shares.map((share) => ({ placement, share })),
  );
  return withCollection(target.path, async (collection) => {
    const measure = async (
      isAllowed: (i: number) => boolean,
      where?: Record<string, object>,
    ): Promise<Pick<FilteredTimes, "recall" | "milliseconds">> => {
      const found: number[][] = [];
      const run = async (i: number): Promise<void> => {
        const { ids } = await collection.query({
          queryEmbeddings: [queries[i]!],
          nResults: k,
          include: ["distances"],
          ...(where && { where: where as never }),
        });
        found[i] = ids[0]!.map(placeOf);
      };
      await timeEach(queryCount, run);
      const milliseconds = await timeEach(queryCount, run);
      const truth = queries.map((query) => nearest(dataset, query, isAllowed));
      return { recall: recallOf(found, truth), milliseconds };
    };

    const outcomes: FilteredTimes[] = [{ placement: "unfiltered", share: 1, ...(await measure(() => true)) }];
    for (const { placement, share } of cases) {
      const times = {
        random: () => measure((i) => shares[i]! < share, { share: { $lt: share } }),
        around: () => measure((i) => sides[i]! >= 1 - share, { side: { $gte: 1 - share } }),
        far: () => measure((i) => sides[i]! < share, { side: { $lt: share } }),
      };
      outcomes.push({ placement, share, ...(await times[placement]()) });
    }
    return outcomes;
  });
}

/** The k nearest allowed rows by exact search, or all allowed ones where there are fewer. */
function nearest(
  { vectors, dimension }: Dataset,
  query: Float32Array,
  isAllowed: (i: number) => boolean,
): number[] {
  const best: { i: number; similarity: number }[] = [];
  for (let i = 0; i < vectors.length / dimension; i++) {
    if (!isAllowed(i)) continue;
    const similarity = dot(query, row(vectors, i, dimension));
    if (best.length === k && similarity <= best[k - 1]!.similarity) continue;
    const place = best.findIndex((each) => each.similarity < similarity);
    best.splice(place < 0 ? best.length : place, 0, { i, similarity });
    best.length = Math.min(best.length, k);
  }
  return best.map(({ i }) => i);
}
