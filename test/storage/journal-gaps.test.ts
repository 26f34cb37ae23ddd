// A journal with what is put behind it makes the files as they are, whatever was done to them past it.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { BackendFile } from "../../worker/storage/backend.ts";
import { ChunkedBytes } from "../../worker/storage/chunked-bytes.ts";
import type { Journal, JournalEntry } from "../../worker/storage/journal.ts";
import { journalGaps } from "../../worker/storage/journal-gaps.ts";
import { openMemory } from "../../worker/storage/memory.ts";
import { Ranges } from "../../worker/storage/ranges.ts";

const names = ["log-0", "data"] as const;
const place = fc.integer({ min: 0, max: 14_000 });

const entry: fc.Arbitrary<JournalEntry> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(...names),
      place,
      fc.integer({ min: 1, max: 9000 }),
      fc.integer({ min: 0, max: 2 }),
    )
    .map(([file, at, length, value]) => ({ file, at, bytes: new Uint8Array(length).fill(value) })),
  fc.tuple(fc.constantFrom(...names), place).map(([file, size]) => ({ file, size })),
);

const entries = fc.array(entry, { maxLength: 8 });

function apply(files: ReadonlyMap<string, BackendFile>, entries: Iterable<JournalEntry>): void {
  for (const each of entries) {
    const file = files.get(each.file)!;
    if ("size" in each) file.truncate(each.size);
    else file.write(each.bytes, each.at);
  }
}

/** All bytes, and where one file ends. */
function contents(files: ReadonlyMap<string, BackendFile>): string {
  const texts = [...files.values()].map((file) => {
    const bytes = new Uint8Array(file.size());
    file.read(bytes, 0);
    return Buffer.from(bytes).toString("latin1");
  });
  return JSON.stringify(texts);
}

const journalOf = (entries: readonly JournalEntry[]): Journal =>
  ({ replay: async (take: (each: JournalEntry) => void) => entries.forEach(take) }) as unknown as Journal;

async function gapsOf(entries: readonly JournalEntry[], files: ReadonlyMap<string, BackendFile>) {
  const gaps: JournalEntry[] = [];
  for await (const gap of journalGaps(journalOf(entries), files)) gaps.push(gap);
  return gaps;
}

test("the journal and its gaps are the files, and have no gaps together", async () => {
  const seed = Number(process.env["SEED"] ?? 1);
  const property = fc.asyncProperty(entries, entries, async (noted, past) => {
    const { files } = openMemory(names);
    apply(files, noted);
    apply(files, past);
    const gaps = await gapsOf(noted, files);
    const made = openMemory(names);
    apply(made.files, noted);
    apply(made.files, gaps);
    expect(contents(made.files) === contents(files)).toBe(true);
    expect(await gapsOf([...noted, ...gaps], files)).toHaveLength(0);
  });
  await fc.assert(property, { seed, numRuns: 200 });
});

test("ranges are a set of integers", () => {
  const step = fc.record({
    adds: fc.boolean(),
    start: fc.integer({ min: 0, max: 30 }),
    length: fc.integer({ min: 0, max: 12 }),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const ranges = new Ranges();
      const model = new ChunkedBytes();
      model.truncate(50);
      for (const { adds, start, length } of steps) {
        if (adds) ranges.add(start, start + length);
        else ranges.remove(start, start + length);
        model.write(new Uint8Array(length).fill(adds ? 1 : 0), start);
      }
      const found = new Uint8Array(50).fill(1);
      for (const [start, end] of ranges.gaps(0, 50)) found.fill(0, start, end);
      expect(found).toEqual(model.toBytes());
    }),
  );
});
