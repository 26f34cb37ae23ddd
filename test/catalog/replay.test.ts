// The catalog against a replay of its log: random operations, each change as bytes.

import fc from "fast-check";
import { expect, test } from "vitest";
import { RequestError } from "../../src/protocol/request-error.ts";
import { Catalog, type CatalogState } from "../../worker/catalog/catalog.ts";
import type { CatalogChange } from "../../worker/catalog/change.ts";
import { mustGetCollection, planDeleteCollection, planWrite } from "../../worker/catalog/collections.ts";
import {
  planCreateDatabase,
  planCreateTenant,
  planDeleteDatabase,
  planReset,
  planUpdateTenant,
} from "../../worker/catalog/tenancy.ts";
import { decodeValue } from "../../worker/msgpack/decode.ts";
import { encodeValue } from "../../worker/msgpack/encode.ts";
import { parseCollectionMetadata } from "../../worker/requests/metadata.ts";
import { TestCatalog } from "./scope.ts";

const seed = process.env["SEED"] === undefined ? {} : { seed: Number(process.env["SEED"]) };

// Few names, so that operations meet.
const name = fc.constantFrom("one", "two", "three");
const tenant = fc.constantFrom("default_tenant", "other");
const database = fc.constantFrom("default_database", "second");
const key = fc.oneof(fc.constantFrom("__proto__", "constructor", "a", "é.b"), fc.string({ unit: "binary" }));
const validKey = key.filter((text) => text !== "" && !/^[#$]|^hnsw:/.test(text));
const value = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.boolean(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.array(fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))),
  fc.array(fc.string({ unit: "binary" })),
);
const metadata = fc.dictionary(validKey, value, { minKeys: 1, maxKeys: 4, noNullPrototype: false });
const space = fc.constantFrom("l2", "cosine", "ip");

type Step = (catalog: TestCatalog) => unknown;

/** The collection at a place of the list, whatever list there is. */
function collectionAt(catalog: Catalog, place: number): string {
  const { collections } = catalog.state();
  return collections[place % Math.max(collections.length, 1)]?.id ?? "none";
}

const tenancySteps: readonly fc.Arbitrary<Step>[] = [
  name.map((text) => (catalog) => catalog.run(planCreateTenant(catalog, { name: text }))),
  name.map((text) => (catalog) => catalog.run(planUpdateTenant(catalog, text, { resourceName: text }))),
  fc.tuple(tenant, database).map(
    ([at, text]) =>
      (catalog) =>
        catalog.run(planCreateDatabase(catalog, at, { name: text }, catalog.newId)),
  ),
];

const create: fc.Arbitrary<Step> = fc
  .record({ at: fc.record({ tenant, database }), name, metadata: fc.option(metadata), space })
  .map(({ at, space: wanted, ...body }) => (catalog) => {
    catalog.create({ ...body, configuration: { hnsw: { space: wanted } } }, at);
  });

const update: fc.Arbitrary<Step> = fc
  .record({ place: fc.nat(), new_name: fc.option(name), new_metadata: fc.option(metadata), ef: fc.nat() })
  .map(({ place, ef, ...body }) => (catalog) => {
    const new_configuration = { hnsw: { ef_search: ef } };
    catalog.update(collectionAt(catalog, place), { ...body, new_configuration });
  });

const write: fc.Arbitrary<Step> = fc
  .tuple(fc.nat(), fc.integer({ min: 1, max: 3 }), metadata)
  .map(([place, dimension, shown]) => (catalog) => {
    const record = mustGetCollection(catalog, collectionAt(catalog, place));
    const change = planWrite(record, dimension, [parseCollectionMetadata(shown, "")]);
    if (change !== undefined) catalog.run({ change, reply: null });
  });

const deleteCollection: fc.Arbitrary<Step> = fc.record({ tenant, database, name }).map(
  ({ name: text, ...at }) =>
    (catalog) =>
      catalog.run(planDeleteCollection(catalog, at, text)),
);

const deleteDatabase: fc.Arbitrary<Step> = fc.tuple(tenant, database).map(
  ([at, text]) =>
    (catalog) =>
      catalog.run(planDeleteDatabase(catalog, at, text)),
);

const step = fc.oneof(
  ...tenancySteps.map((arbitrary) => ({ arbitrary, weight: 3 })),
  { arbitrary: create, weight: 15 },
  { arbitrary: update, weight: 9 },
  { arbitrary: write, weight: 9 },
  { arbitrary: deleteCollection, weight: 4 },
  { arbitrary: deleteDatabase, weight: 1 },
  { arbitrary: fc.constant<Step>((catalog) => catalog.run(planReset(true))), weight: 1 },
);
const steps = (maxLength: number) => fc.array(step, { maxLength, size: "max" });

/** Runs steps; those that the catalog refuses leave no change. */
function run(acts: readonly Step[], catalog = new TestCatalog()): TestCatalog {
  for (const act of acts) {
    try {
      act(catalog);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
    }
  }
  return catalog;
}

const asBytes = <T>(plain: T): T => decodeValue(encodeValue(plain)) as T;

test("random operations leave collections to compare", () => {
  const counts = fc.sample(steps(40), { numRuns: 100, seed: 1 }).map((acts) => run(acts).state().collections);
  expect(counts.filter(({ length }) => length > 1).length).toBeGreaterThan(20);
});

test("a replay of the changes, read from bytes, gives the same catalog", () => {
  fc.assert(
    fc.property(steps(40), (acts) => {
      const catalog = run(acts);
      const replayed = new Catalog();
      for (const change of catalog.changes) replayed.apply(asBytes<CatalogChange>(change));
      expect(Buffer.from(encodeValue(replayed.state()))).toEqual(Buffer.from(encodeValue(catalog.state())));
    }),
    { numRuns: 300, ...seed },
  );
});

test("a state, read from bytes, is the catalog it was taken of, and goes on like it", () => {
  fc.assert(
    fc.property(steps(20), steps(20), (before, after) => {
      const catalog = run(before);
      const restored = new Catalog(asBytes<CatalogState>(catalog.state()));
      const changesBefore = catalog.changes.length;
      run(after, catalog);
      for (const change of catalog.changes.slice(changesBefore)) restored.apply(change);
      expect(Buffer.from(encodeValue(restored.state()))).toEqual(Buffer.from(encodeValue(catalog.state())));
    }),
    { numRuns: 200, ...seed },
  );
});

test("any change can be applied to any catalog", () => {
  fc.assert(
    fc.property(steps(20), steps(20), (some, others) => {
      const catalog = run(some);
      for (const change of run(others).changes) catalog.apply(change);
      for (const { id } of catalog.state().collections) {
        const { tenant: at, database: where, name: text } = mustGetCollection(catalog, id);
        expect(catalog.getCollectionByName(at, where, text)?.id).toBe(id);
      }
    }),
    { numRuns: 200, ...seed },
  );
});
