// What add accepts, get tells again, now and after closing and opening; what it refuses, it refuses whole.
// Values are those that break stores: names of JavaScript's own, NUL, SQL, halves of characters, and
// numbers at the edges of f32, of 64 bits and of 2^53. `SEED=n` replays a failure.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Metadata } from "chromadb";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { PersistentClient, type Collection } from "../../src/index.ts";
import { inThreadWorker } from "../semantics/in-thread-worker.ts";
import { refusal } from "../semantics/refusal.ts";

const path = await mkdtemp(join(tmpdir(), "chromalite-round-trip-"));
afterAll(() => rm(path, { recursive: true, force: true }));

const seed = process.env["SEED"] === undefined ? {} : { seed: Number(process.env["SEED"]) };

interface Given {
  readonly id: string;
  readonly embedding: readonly number[];
  readonly document: string;
  readonly uri: string;
  readonly metadata: Metadata;
}

const names = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "'; drop table records; --",
  '"',
  "\\",
  "\0",
];
const halves = fc.array(fc.integer({ min: 0xd7ff, max: 0xe000 }).map((unit) => String.fromCharCode(unit)));
const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: "binary" }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...names, "", " ", "#a", "$a", "chroma:a", "a\0b", "\uFEFF", "\uFFFE"),
  },
  { weight: 1, arbitrary: halves.map((units) => units.slice(0, 3).join("")) },
);
const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(
    0,
    -0,
    2 ** 53,
    2 ** 53 - 1,
    2 ** 53 + 2,
    2 ** 63,
    -(2 ** 63),
    2 ** 64,
    1e21,
    5e-324,
    1.7976931348623157e308,
  ),
);
const coordinate = fc.oneof(
  { weight: 6, arbitrary: fc.float({ noNaN: true, noDefaultInfinity: true }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(3.4028234663852886e38, 3.5e38, 1e-45, 1e-46, -0, 1e39, Number.NaN, 1 / 3),
  },
);
const value = fc.oneof(
  text,
  number,
  fc.boolean(),
  fc.array(text, { maxLength: 3 }),
  fc.array(number, { maxLength: 3 }),
  fc.array(fc.boolean(), { maxLength: 3 }),
  fc.constant(null),
);
const record: fc.Arbitrary<Given> = fc.record({
  id: text,
  embedding: fc.tuple(coordinate, coordinate),
  document: text,
  uri: text,
  metadata: fc
    .array(fc.tuple(text, value), { maxLength: 4 })
    .map((entries) => Object.fromEntries(entries) as Metadata),
});

const isWhole = (string: string): boolean => !/\p{Surrogate}/u.test(string);
const isKey = (key: string): boolean => isWhole(key) && !/^(?:$|[#$]|chroma:)/.test(key);

/** Chroma's rules, once more and independently. */
function isAcceptable({ id, embedding, document, uri, metadata }: Given): boolean {
  const entries = Object.entries(metadata);
  const given = entries.filter(([, item]) => item !== null);
  const isItem = (item: unknown): boolean =>
    typeof item === "string" ? isWhole(item) : typeof item === "boolean" || Number.isFinite(item);
  return (
    id !== "" &&
    [id, document, uri].every(isWhole) &&
    embedding.every((each) => Number.isFinite(Math.fround(each))) &&
    entries.length > 0 &&
    entries.every(([, item]) => !Array.isArray(item) || item.length > 0) &&
    given.every(([key, item]) => isKey(key) && [item].flat().every(isItem))
  );
}

/** The one thing that changes is a negative zero; nulls say nothing. */
function stored(metadata: Metadata): ReadonlyMap<string, unknown> | null {
  const plain = (item: unknown): unknown => (Array.isArray(item) ? item.map(plain) : item === 0 ? 0 : item);
  const entries = Object.entries(metadata).filter(([, item]) => item !== null);
  return entries.length === 0 ? null : new Map(entries.map(([key, item]) => [key, plain(item)]));
}

async function expectRecords(notes: Collection, records: readonly Given[]): Promise<void> {
  const got = await notes.get({ include: ["documents", "embeddings", "metadatas", "uris"] });
  expect(got.ids).toEqual(records.map(({ id }) => id));
  expect(got.documents).toEqual(records.map(({ document }) => document));
  expect(got.uris).toEqual(records.map(({ uri }) => uri));
  expect(got.embeddings.map((row) => Array.from(row, (each) => Math.fround(each) + 0))).toEqual(
    records.map(({ embedding }) => embedding.map((each) => Math.fround(each) + 0)),
  );
  expect(got.metadatas.map((metadata) => metadata && new Map(Object.entries(metadata)))).toEqual(
    records.map(({ metadata }) => stored(metadata)),
  );
  for (const metadata of got.metadatas)
    if (metadata) expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype);
}

test(
  "what is accepted is told again, here and nowhere else, and once more after opening anew",
  { timeout: 120_000 },
  async () => {
    const keptByName = new Map<string, readonly Given[]>();
    {
      await using client = new PersistentClient({ path, worker: inThreadWorker });
      let runs = 0;
      const program = fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 6 }), async (records) => {
        const name = `notes-${(runs += 1)}`;
        const notes = await client.createCollection({ name, embeddingFunction: null });
        const kept = new Map<string, Given>();
        for (const given of records) {
          const { id, embedding, document, uri, metadata } = given;
          const answer = await refusal(
            notes.add({
              ids: [id],
              embeddings: [[...embedding]],
              documents: [document],
              uris: [uri],
              metadatas: [metadata],
            }),
          );
          expect(answer === "accepted", answer).toBe(isAcceptable(given));
          expect(answer).toMatch(/^(?:accepted$|ChromaClientError: |ChromaValueError: )/);
          // An add of an id that is there does nothing.
          if (answer === "accepted" && !kept.has(id)) kept.set(id, given);
        }
        await expectRecords(notes, [...kept.values()]);
        keptByName.set(name, [...kept.values()]);
      });
      await fc.assert(program, { numRuns: 150, ...seed });
    }
    expect([...keptByName.values()].flat().length).toBeGreaterThan(50);
    await using client = new PersistentClient({ path, worker: inThreadWorker });
    for (const [name, records] of keptByName)
      await expectRecords(await client.getCollection({ name }), records);
  },
);
