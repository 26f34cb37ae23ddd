// Under four bytes are written for each byte added, at the end and at the worst point, whatever the writes.
// `CHROMALITE_FULL=1` runs a million adds and 100,000 of the others; without it a
// few thousand, at an eighth of the sizes.

import initSqlJs from "sql.js";
import { expect, test } from "vitest";
import { measure, type Workload, workloads } from "../../bench/written/workload.ts";
import { loadHnsw } from "../../worker/load-hnsw.ts";
import { loadRegex } from "../../worker/load-regex.ts";
import { openRecords } from "../../worker/records.ts";

const sql = initSqlJs();
const records = openRecords({ sql: () => sql, hnsw: () => loadHnsw(), regex: () => loadRegex() });
/** `WRITES=50000` measures at another size. */
const given = Number(process.env["WRITES"] ?? 0);

/** An eighth of every size, so that an eighth of the writes meets as many checkpoints. */
const eighth = {
  limits: {
    logBytesMax: 2 ** 21,
    stagedBytesMin: 8192,
    deltaBytesMin: 32 * 1024,
    deadBytesMin: 64 * 1024,
    freeBlocksMin: 128,
    reserveBlocks: 8,
  },
  warmBytes: 2 ** 20,
};

function writesOf({ updates }: Workload): number {
  if (given > 0) return given;
  if (process.env["CHROMALITE_FULL"] === undefined) return 4000;
  return updates > 0 ? 100_000 : 1_000_000;
}

test.each(workloads)(
  "$name: less than four bytes for each",
  async (workload) => {
    const writes = writesOf(workload);
    const { atEnd, worst, added } = await measure(
      workload,
      writes,
      () => records,
      writes < 10_000 ? eighth : undefined,
    );
    console.info(
      `${workload.name}: ${(added / 2 ** 20).toFixed(0)} MiB in ${writes} writes, ${atEnd.toFixed(2)} at the end, ${worst.toFixed(2)} at worst`,
    );
    expect(worst).toBeLessThan(4);
  },
  7_200_000,
);
