// Which bytes of a collection's streams its records use: all others may be given up.

import type { Bitset } from "../bitset.ts";
import { textEntryBytes } from "../data/entries.ts";
import type { Ranges } from "../data/packed.ts";
import type { Rows } from "../rows/rows.ts";
import type { Serials } from "../rows/serials.ts";
import type { ResolvedRecords } from "./resolve.ts";

/** The rows of `live` slots in a vectors stream that ends at `end`. One pass over the bitset. */
export function vectorRanges(live: Bitset, serials: Serials, rowBytes: number, end: number): Ranges {
  const starts: number[] = [];
  const ends: number[] = [];
  live.forEach((slot) => {
    const start = serials.serialOf(slot) * rowBytes;
    if (start + rowBytes > end) return;
    if (start === ends.at(-1)) ends.pop();
    else starts.push(start);
    ends.push(start + rowBytes);
  });
  return { starts: Float64Array.from(starts), ends: Float64Array.from(ends) };
}

/** The texts of all records, found shard by shard with a pause after each. */
export async function textRanges(rows: Rows, pause: () => Promise<void>): Promise<Ranges> {
  const offsets: number[] = [];
  const ends: number[] = [];
  for (let shard = 0; shard < rows.shardCount; shard++) {
    rows.eachText(shard, ({ offset, length }) => {
      offsets.push(offset);
      ends.push(offset + textEntryBytes(length));
    });
    await pause();
  }
  // Texts do not overlap: sorted apart, the i-th start and the i-th end are still of one text.
  const sortedStarts = Float64Array.from(offsets).sort();
  await pause();
  const sortedEnds = Float64Array.from(ends).sort();
  await pause();
  return joinAdjacent(sortedStarts, sortedEnds);
}

function joinAdjacent(starts: Float64Array, ends: Float64Array): Ranges {
  let kept = 0;
  for (let i = 0; i < starts.length; i++) {
    if (kept > 0 && ends[kept - 1] === starts[i]) {
      ends[kept - 1] = ends[i]!;
    } else {
      starts[kept] = starts[i]!;
      ends[kept++] = ends[i]!;
    }
  }
  return { starts: starts.slice(0, kept), ends: ends.slice(0, kept) };
}

/** Records whose document or uri is another one, but whose vector is not. */
export function replacedTexts({ changes }: ResolvedRecords): number {
  let replaced = 0;
  for (const { updates } of changes) {
    updates?.serials.forEach((serial, i) => {
      if (serial === null && (updates.documents[i] ?? updates.uris[i] ?? null) !== null) replaced++;
    });
  }
  return replaced;
}
