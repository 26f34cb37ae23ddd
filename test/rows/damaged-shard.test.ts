// What is found of a row image with damage: all but what lies on the page that cannot be read.

import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { loadSql } from "../../worker/load-sql.ts";
import { findRows, type FoundRow } from "../../worker/rows/damaged-shard.ts";
import { Keys } from "../../worker/rows/keys.ts";
import { Shard } from "../../worker/rows/shard.ts";
import { SeededRandom } from "../../worker/storage/seeded-random.ts";

const RECORDS = 1000;
const PAGE_BYTES = 4096;

function rowOf(sequence: number): FoundRow {
  return {
    sequence,
    id: `record ${sequence}`,
    serial: sequence * 3,
    document: sequence % 3 === 0 ? null : { offset: sequence * 100, length: 90 },
    uri: sequence % 5 === 0 ? { offset: sequence * 100 + 95, length: 5 } : null,
    metadata:
      sequence % 7 === 0
        ? null
        : { number: sequence, half: sequence + 0.5, tags: ["a", `b${sequence}`], yes: true },
  };
}

const START = 24_500;
const rows = Array.from({ length: RECORDS }, (_, i) => rowOf(START + i));

async function makeImage(): Promise<Uint8Array> {
  const shard = Shard.create(await loadSql(), new Keys(), START);
  shard.begin();
  for (const { sequence, id, serial, metadata, document, uri } of rows) {
    shard.insert(sequence, serial!, id, metadata!, document!, uri!);
  }
  shard.commit();
  shard.freeze();
  const image = shard.takeFrozen();
  shard.close();
  return image;
}

/** How many of the rows that were written are among those that are found. */
function countWritten(found: readonly FoundRow[]): number {
  return found.filter((row) => isDeepStrictEqual(row, rows[row.sequence - START])).length;
}

test("of an image that is whole every row is found, whatever its first page says", async () => {
  const sql = await loadSql();
  const image = await makeImage();
  expect(findRows(sql, image)).toEqual(rows);
  expect(findRows(sql, image.fill(255, 0, PAGE_BYTES))).toEqual(rows);
});

test("a flipped bit costs the rows of its page at most, and mostly one", async () => {
  const sql = await loadSql();
  const image = await makeImage();
  const random = new SeededRandom(Number(process.env["SEED"] ?? 1));
  const lost: number[] = [];
  for (let flip = 0; flip < 200; flip++) {
    const damaged = image.slice();
    damaged[random.below(damaged.length)]! ^= 1 << random.below(8);
    lost.push(RECORDS - countWritten(findRows(sql, damaged)));
  }
  lost.sort((a, b) => a - b);
  expect(lost[100]).toBeLessThanOrEqual(1);
  expect(lost.reduce((sum, each) => sum + each)).toBeLessThan(200 * 10);
});

test.each([0, 255])("a page that is all %i costs the rows that are in it", async (byte) => {
  const sql = await loadSql();
  const image = await makeImage();
  const rootPages = 4;
  for (let page = rootPages; page < image.length / PAGE_BYTES; page += 2) {
    const damaged = image.slice().fill(byte, page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
    const found = findRows(sql, damaged);
    expect(found.length).toBeGreaterThan(RECORDS - 200);
    expect(countWritten(found)).toBeGreaterThan(RECORDS - 200);
    for (const row of found) {
      const written = rows[row.sequence - START]!;
      expect(row).toEqual(row.metadata === undefined ? { ...written, metadata: undefined } : written);
    }
  }
});

test("of bytes that are no image nothing is found", async () => {
  const sql = await loadSql();
  const random = new SeededRandom(1);
  for (const length of [0, 100, PAGE_BYTES, 20 * PAGE_BYTES + 7]) {
    const noise = Uint8Array.from({ length }, () => random.below(256));
    expect(findRows(sql, noise)).toEqual([]);
  }
});
