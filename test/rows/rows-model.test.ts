// Random changes and random filters, compared with plain objects; over tiny shards, over images written and
// opened in between, over changes applied again, and over slots given anew.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { MetadataValue } from "../../src/protocol/metadata.ts";
import type { Filter } from "../../worker/rows/filter.ts";
import { parseWhere } from "../../worker/rows/parse-where.ts";
import { TestCollection } from "./collection.ts";
import { ModelCollection } from "./model.ts";

const seed = process.env["SEED"] === undefined ? {} : { seed: Number(process.env["SEED"]) };

const id = fc.constantFrom("a", "b", "c", "d", "a\0b", "'\";--", "😀", " ", "__proto__", "long".repeat(300));
const key = fc.constantFrom("k", "other", "__proto__", "constructor", "a.b c", "é");
const string = fc.constantFrom("", "x", "X", "x\0y", "1", "true", "ünïcode", "y".repeat(500));
const int = fc.constantFrom(
  0,
  1,
  2,
  -1,
  2 ** 31,
  -(2 ** 40),
  2 ** 53,
  2n ** 53n + 1n,
  -(2n ** 63n),
  2n ** 63n - 1n,
);
const float = fc.constantFrom(1.5, -0.25, 1e300, 2 ** 63, 0.1, { "#float": 1 }, { "#float": 2 ** 53 });
const scalar = fc.oneof(string, int, float, fc.boolean());
const array = fc.oneof(
  fc.array(string, { maxLength: 4 }),
  fc.array(int, { maxLength: 4 }),
  fc.array(fc.oneof(float, fc.constantFrom(1, 2)), { maxLength: 12 }),
  fc.array(fc.boolean(), { maxLength: 4 }),
);
const value: fc.Arbitrary<MetadataValue> = fc.oneof(scalar, array);
const metadata = fc.option(fc.dictionary(key, value, { maxKeys: 5 }));
const patch = fc.option(fc.dictionary(key, fc.option(value), { maxKeys: 4 }));
const document = fc.option(
  fc.oneof(
    fc.constantFrom("", "abc", "abcabd", "line\nbreak", "\uFEFFmarked", "nul\0inside", "Größe", "😀😁"),
    fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 20 }),
  ),
);
const uri = fc.option(fc.constantFrom("file:///a", "", "http://é"));

const numberOperand = fc.oneof(int, float);
const leaf = fc.oneof(
  fc.tuple(key, scalar).map(([k, v]) => ({ [k]: v })),
  fc.tuple(key, fc.constantFrom("$eq", "$ne"), scalar).map(([k, o, v]) => ({ [k]: { [o]: v } })),
  fc
    .tuple(key, fc.constantFrom("$gt", "$gte", "$lt", "$lte"), numberOperand)
    .map(([k, o, v]) => ({ [k]: { [o]: v } })),
  fc
    .tuple(key, fc.constantFrom("$contains", "$not_contains"), scalar)
    .map(([k, o, v]) => ({ [k]: { [o]: v } })),
  fc
    .tuple(
      key,
      fc.constantFrom("$in", "$nin"),
      fc.oneof(
        fc.array(string, { minLength: 1, maxLength: 4 }),
        fc.array(numberOperand, { minLength: 1, maxLength: 4 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 2 }),
      ),
    )
    .map(([k, o, v]) => ({ [k]: { [o]: v } })),
  fc
    .tuple(
      fc.constantFrom("$contains", "$not_contains"),
      fc.constantFrom("", "a", "ab", "abd", "ö", "😁", "\0"),
    )
    .map(([o, v]) => ({ "#document": { [o]: v } })),
  fc
    .tuple(fc.constantFrom("$in", "$nin"), fc.array(id, { minLength: 1 }))
    .map(([o, v]) => ({ "#id": { [o]: v } })),
);
const where = fc.letrec<{ clause: unknown }>((tie) => ({
  clause: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc
      .tuple(fc.constantFrom("$and", "$or"), fc.array(tie("clause"), { maxLength: 3 }))
      .map(([o, v]) => ({ [o]: v })),
  ),
})).clause;

interface Real {
  readonly model: ModelCollection;
  readonly collection: TestCollection;
}

type Step =
  | {
      kind: "put";
      id: string;
      metadata: Record<string, MetadataValue> | null;
      document: string | null;
      uri: string | null;
    }
  | {
      kind: "update";
      id: string;
      patch: Record<string, MetadataValue | null> | null;
      document: string | null;
      uri: string | null;
      moves: boolean;
    }
  | { kind: "delete"; id: string }
  | { kind: "filter"; filter: Filter }
  | { kind: "reopen" | "replay" | "renumber" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("put" as const), id, metadata, document, uri }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("update" as const),
      id,
      patch,
      document,
      uri,
      moves: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), id }) },
  {
    weight: 5,
    arbitrary: where.map((clause) => ({ kind: "filter" as const, filter: parseWhere(clause) })),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom("reopen" as const, "replay" as const, "renumber" as const),
    }),
  },
);

/** Null-prototype objects of fast-check's dictionaries compare as the plain ones they stand for. */
function plain(entries: ReadonlyMap<string, MetadataValue>): object | null {
  if (entries.size === 0) return null;
  const object = {};
  for (const [name, stored] of entries) {
    Object.defineProperty(object, name, {
      value: stored,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return object;
}

function run({ model, collection }: Real, change: Step): void {
  const exists = "id" in change && model.records.some((record) => record.id === change.id);
  switch (change.kind) {
    case "put":
      if (exists) return;
      model.add(change);
      collection.add(change);
      return;
    case "update": {
      if (!exists) return;
      const update = { ...change, metadata: change.patch };
      model.update(update);
      collection.update(update);
      return;
    }
    case "delete":
      if (!exists) return;
      model.delete(change.id);
      collection.delete(change.id);
      return;
    case "filter":
      expect(collection.select(change.filter)).toEqual(model.select(change.filter));
      return;
    case "reopen":
    case "replay":
    case "renumber":
      collection[change.kind]();
  }
}

test.each([
  ["resident documents", {}],
  ["tiny shards, documents read one by one", { shardBytesMax: 0, residentTextBytesMax: 0 }],
])(
  "rows answer as plain objects do, with %s",
  (_, options) => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) => {
        const real = { model: new ModelCollection(), collection: new TestCollection(options) };
        try {
          for (const change of steps) run(real, change);
          const { model, collection } = real;
          expect(collection.rows.count).toBe(model.records.length);
          expect(collection.rows.live.count()).toBe(model.records.length);
          expect(collection.fetchAll()).toEqual({
            ids: model.records.map((record) => record.id),
            metadatas: model.records.map((record) => plain(record.metadata)),
            documents: model.records.map((record) => record.document),
            uris: model.records.map((record) => record.uri),
          });
        } finally {
          real.collection.rows.close();
        }
      }),
      { numRuns: 150, ...seed },
    );
  },
  60_000,
);
