import { expect, test } from "vitest";
import { IdIndex } from "../../worker/rows/id-index.ts";

test("ids whose hashes are equal are told apart by the ids themselves", () => {
  // Among 200,000 hashes of 32 bits about five pairs are equal.
  const ids = Array.from(
    { length: 200_000 },
    (_, i) => `${(Math.imul(i, 0x9e3779b1) >>> 0).toString(36)}-${i}`,
  );
  const index = new IdIndex();
  ids.forEach((id, sequence) => index.add(id, sequence));
  let comparisons = 0;
  const hasId = (sequence: number, id: string): boolean => {
    comparisons++;
    return ids[sequence] === id;
  };
  expect(ids.filter((id, sequence) => index.find(id, hasId) !== sequence)).toEqual([]);
  expect(comparisons).toBeGreaterThan(ids.length);
  expect(comparisons).toBeLessThan(ids.length + 50);
});

test("removed ids are gone, also where they filled the table, and others stay", () => {
  const index = new IdIndex();
  const kept = new Map<string, number>();
  const hasId = (sequence: number, id: string): boolean => id === `id-${sequence}`;
  for (let sequence = 0; sequence < 20_000; sequence++) {
    index.add(`id-${sequence}`, sequence);
    kept.set(`id-${sequence}`, sequence);
    if (sequence >= 100 && sequence % 50 !== 0) {
      index.remove(`id-${sequence - 100}`, sequence - 100);
      kept.delete(`id-${sequence - 100}`);
    }
  }
  for (let sequence = 0; sequence < 20_000; sequence++) {
    const id = `id-${sequence}`;
    if (index.find(id, hasId) !== (kept.get(id) ?? -1)) expect.unreachable(`${id} is wrong`);
  }
  expect(index.bytes).toBeLessThan(40_000);
  expect(() => index.remove("id-1", 1)).toThrow("not in the index");
});
