// The arithmetic behind the benchmarks' tables: a wrong recall or quantile would be believed.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { generateRecords, seldomWord } from "../../bench/datasets/generated-records.ts";
import { NearestSoFar } from "../../bench/datasets/nearest-so-far.ts";
import { generateVectors } from "../../bench/datasets/generated-vectors.ts";
import { median, quantile, recallOf, takeTurns } from "../../bench/measure.ts";
import { formatCell, Report } from "../../bench/report.ts";
import { checksum } from "../../worker/checksum.ts";

test("quantiles are values that were measured", () => {
  expect(quantile([5, 1, 4, 2, 3], 0.5)).toBe(3);
  expect(quantile([5, 1, 4, 2, 3], 0.99)).toBe(5);
  expect(median([])).toBeNaN();
});

test("recall counts the right ones found, whatever their order, and wants no more than there are", () => {
  const truth = [[1, 2, 3], [7]];
  expect(recallOf([[3, 2, 1], [7]], truth)).toBe(1);
  expect(recallOf([[1, 9, 8], []], truth)).toBe(1 / 4);
});

test("the nearest of vectors that go by are those of an exact search over all of them", () => {
  const stream = generateVectors(1, 8);
  const take = (count: number) => {
    const matrix = new Float32Array(count * 8);
    for (let i = 0; i < count; i++) stream.next(matrix.subarray(i * 8, (i + 1) * 8));
    return matrix;
  };
  const queries = take(3);
  const nearest = new NearestSoFar(queries, 8, 4);
  const seen: number[][] = [];
  for (const count of [1, 2, 50]) {
    const vectors = take(count);
    nearest.see(vectors);
    for (let i = 0; i < count; i++) seen.push([...vectors.subarray(i * 8, (i + 1) * 8)]);
  }
  const nearness = (query: number, vector: readonly number[]) =>
    vector.reduce((sum, value, j) => sum + value * queries[query * 8 + j]!, 0);
  const exact = [0, 1, 2].map((query) =>
    [...seen.keys()].toSorted((a, b) => nearness(query, seen[b]!) - nearness(query, seen[a]!)).slice(0, 4),
  );
  expect(nearest.rows()).toEqual(exact);
});

test("contestants take turns, so that a slow minute hits all of them", () => {
  const order: string[] = [];
  const times = takeTurns([() => void order.push("a"), () => void order.push("b")], 3);
  expect(order).toEqual(["a", "b", "a", "b", "a", "b"]);
  expect(times.map((each) => each.length)).toEqual([3, 3]);
});

test("the generator gives the same bytes for a seed, unit length, and near neighbours in a cluster", () => {
  const take = (seed: number) => {
    const stream = generateVectors(seed);
    const rows = new Float32Array(200 * 384);
    const clusters = Array.from({ length: 200 }, (_, i) =>
      stream.next(rows.subarray(i * 384, (i + 1) * 384)),
    );
    return { rows, clusters };
  };
  const { rows, clusters } = take(1);
  // The figures of RESULTS.md are about these bytes: a change of the generator is a new version of its data sets.
  expect(checksum(new Uint8Array(rows.buffer), 0)).toBe(checksum(new Uint8Array(take(1).rows.buffer), 0));
  expect(checksum(new Uint8Array(rows.buffer), 0)).toBe(3_733_230_612);
  expect(take(2).rows).not.toEqual(rows);

  const dot = (a: number, b: number) => {
    let sum = 0;
    for (let i = 0; i < 384; i++) sum += rows[a * 384 + i]! * rows[b * 384 + i]!;
    return sum;
  };
  expect(dot(0, 0)).toBeCloseTo(1, 5);
  const pairs = clusters.flatMap((a, i) =>
    clusters.slice(i + 1).map((b, j) => [a === b, dot(i, i + 1 + j)] as const),
  );
  const mean = (same: boolean) => {
    const values = pairs.filter(([isSame]) => isSame === same).map(([, value]) => value);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  expect(mean(true)).toBeGreaterThan(mean(false) + 0.3);
});

test("records are the same for a seed, with five keys and about 400 characters", () => {
  const recordOf = generateRecords(1, [0.5]);
  const record = recordOf(0);
  expect(record).toEqual(generateRecords(1, [0.5])(0));
  expect(Object.keys(record.metadata)).toHaveLength(5);
  expect(record.metadata["side"]).toBe(0.5);
  expect(record.document.length).toBeGreaterThanOrEqual(398);
  expect(record.document.length).toBeLessThan(430);
  const withWord = Array.from({ length: 20_000 }, (_, i) => recordOf(i)).filter(({ document }) =>
    document.includes(seldomWord),
  );
  expect(withWord.length).toBeGreaterThan(3);
  expect(withWord.length).toBeLessThan(25);
});

test("a cell has three digits that matter", () => {
  expect([0, 0.12345, 1.2345, 123.45, 12_345.6, "text"].map(formatCell)).toEqual([
    "0",
    "0.123",
    "1.23",
    "123",
    "12,346",
    "text",
  ]);
});

test("a report takes the place of its own older section and leaves the others", () => {
  const folder = mkdtempSync(join(tmpdir(), "chromalite-report-"));
  const silence = vi.spyOn(console, "log").mockImplementation(() => {});
  const save = (title: string, paragraph: string) => {
    const report = new Report(title, "npm run bench", []);
    report.say(paragraph);
    report.save(folder);
  };
  writeFileSync(join(folder, "RESULTS.md"), "# Results\n\n## Embedder\n\nBy others.\n");
  save("Engine", "first");
  save("Storage", "disk");
  save("Engine", "second");
  const results = readFileSync(join(folder, "RESULTS.md"), "utf8");
  silence.mockRestore();
  rmSync(folder, { recursive: true });
  expect(results.match(/^#+ .*$/gm)).toEqual(["# Results", "## Embedder", "## Engine", "## Storage"]);
  expect(results).toContain("\nBy others.\n");
  expect(results).toContain("\nsecond\n");
  expect(results).not.toContain("first");
});
