// Arbitrary steps that make, change, list and delete collections.

import fc from "fast-check";
import { given, type Profile, type StepOf } from "./profile.ts";
import { type ClientCall, type Given, LETTERS } from "./step.ts";
import { rarely, sometimes } from "./values.ts";

const configuration = ({ space, embeds }: Profile, more: object = {}): Given => ({
  ...(space === undefined ? {} : { configuration: { hnsw: { space, ...more } } }),
  ...(embeds ? { embeddingFunction: LETTERS } : {}),
});

const collectionMetadata = rarely<Record<string, unknown>>(
  fc.constantFrom<Record<string, unknown>>({}, { "#a": 1 }, { a: null }, { a: null, b: 1 }),
  fc.constantFrom<Record<string, unknown>>(
    { title: "x" },
    { n: 1, share: 1.5, open: true, "é 😀": "日本" },
    { "hnsw:space": "ip" },
    { big: 2 ** 53 + 2, empty: "" },
  ),
  60,
);
const hnsw = fc.constantFrom({}, { ef_search: 50 }, { max_neighbors: 32 }, { ef_construction: 200 });

export const created = (call: "createCollection" | "getOrCreateCollection"): fc.Arbitrary<StepOf> =>
  fc.tuple(sometimes(collectionMetadata, 40), hnsw).map(([metadata, more]): StepOf => (profile) => ({
    call,
    as: profile.name,
    with: given({ name: profile.name, metadata, ...configuration(profile, more) }),
  }));

export const modified: fc.Arbitrary<StepOf> = fc
  .record({
    name: sometimes(
      rarely(fc.constantFrom("a", "a..b", "10.0.0.1"), fc.constantFrom("alpha", "beta", "renamed"), 50),
      30,
    ),
    metadata: sometimes(collectionMetadata, 60),
    configuration: sometimes(
      fc.constantFrom(
        { hnsw: { ef_search: 30 } },
        { hnsw: { num_threads: 3 } },
        { hnsw: { resize_factor: 1.5 } },
        { hnsw: { space: "ip" } },
      ),
      30,
    ),
  })
  .map((fields): StepOf => ({ name }) => ({ call: "modify", on: name, with: given(fields) }));

const named = rarely(fc.constantFrom("missing", "a", "😀"), fc.constant(undefined), 100);

/** Steps of a client: collections are made, got, listed and deleted, and a few things are told. */
export const onClient: fc.Arbitrary<StepOf> = fc.oneof(
  { weight: 3, arbitrary: created("getOrCreateCollection") },
  { weight: 2, arbitrary: created("createCollection") },
  {
    weight: 3,
    arbitrary: named.map((other): StepOf => ({ name }) => ({
      call: "getCollection",
      as: name,
      with: { name: other ?? name },
    })),
  },
  { weight: 2, arbitrary: fc.constant<StepOf>(({ name }) => ({ call: "getCollectionById", as: name })) },
  { weight: 2, arbitrary: fc.constant<StepOf>(({ name }) => ({ call: "collection", as: name })) },
  {
    weight: 8,
    arbitrary: fc
      .constantFrom<ClientCall>("heartbeat", "version", "getUserIdentity", "getMaxBatchSize")
      .map((call): StepOf => () => ({ call })),
  },
  { weight: 2, arbitrary: fc.constant<StepOf>(({ name }) => ({ call: "getCollections", with: [name] })) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom({}, {}, { limit: 1 }, { limit: 2, offset: 1 }, { limit: 0 }, { offset: 5 })
      .map((page): StepOf => () => ({ call: "listCollections", with: page })),
  },
  { weight: 2, arbitrary: fc.constant<StepOf>(() => ({ call: "countCollections" })) },
  {
    weight: 2,
    arbitrary: fc.tuple(named, fc.nat(3)).map(([other, n]): StepOf => ({ name }) => ({
      call: "deleteCollection",
      // Sometimes the collection in hand stays in hand, and each call of it is a 404.
      ...(n === 0 ? {} : { as: name }),
      with: { name: other ?? name },
    })),
  },
);
