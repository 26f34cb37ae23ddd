// How a query is answered: by comparing every allowed code, or by the graph. Both are measured in units of one
// comparison of a scan, so that the choice follows from counts alone.

/** Below this many vectors there is no graph: a scan of 8,000 x 384 codes takes 0.15 ms. */
export const graphSlotsMin = 8000;

/** Nodes that a search of the graph looks at for each candidate it keeps: 8 to 14 with 16 neighbors. */
const visitsPerCandidate = 12;

/**
 * A visit of the graph costs this many comparisons of a scan, a row picked by a narrow filter that many: 100 to 230 ns
 * and 100 to 170 ns against 17 at 100,000 x 384, because such rows come from all over the memory.
 */
const costOfVisit = 12;
const costOfPick = 8;

export interface Situation {
  /** Slots that may be returned, of all. */
  readonly allowed: number;
  readonly slots: number;
  /** Candidates that the graph has to keep. */
  readonly breadth: number;
}

export type Plan =
  | { readonly by: "scan" }
  /** Give up after so many nodes: the allowed ones lie elsewhere, and a scan is cheaper from there on. */
  | { readonly by: "graph"; readonly breadth: number; readonly visitsMax: number };

/** The cheaper way. A filter makes the graph dearer by as much as it allows fewer: the nodes between are passed. */
export function planQuery({ allowed, slots, breadth }: Situation): Plan {
  const visits = (visitsPerCandidate * breadth * slots) / Math.max(1, allowed);
  const scanCost = Math.min(slots, costOfPick * allowed);
  if (visits * costOfVisit >= scanCost) return { by: "scan" };
  return { by: "graph", breadth, visitsMax: Math.ceil(Math.max(1.5 * visits, scanCost / (2 * costOfVisit))) };
}
