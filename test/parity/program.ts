// Arbitrary programs: thirty steps over three collections, mostly valid, most of them finding
// something.

import fc from "fast-check";
import { plainWhere, plainWhereDocument, where, whereDocument } from "./clauses.ts";
import { type ClientCall, type CollectionCall, type Given, LETTERS, type Step } from "./step.ts";
import { ids, metadata, oddMetadata, rarely, sometimes, text, vector } from "./values.ts";

export const STEPS = 30;

export type Program = readonly Step[];

/** What a program's collection is like. */
interface Profile {
  readonly name: string;
  readonly space: "l2" | "cosine" | "ip" | undefined;
  readonly dimension: number;
  readonly embeds: boolean;
}

const profile = (name: string): fc.Arbitrary<Profile> =>
  fc.record({
    name: fc.constant(name),
    space: fc.constantFrom("l2", "cosine", "ip", undefined),
    dimension: fc.constantFrom(1, 2, 3, 4, 8),
    embeds: fc.nat(3).map((n) => n === 0),
  });

/** Counting letters gives four dimensions. */
const EMBEDDED_DIMENSION = 4;

const dimensionOf = ({ dimension, embeds }: Profile): number => (embeds ? EMBEDDED_DIMENSION : dimension);

/** A step as it is drawn: of any collection, for which its vectors are cut. */
type StepOf = (profile: Profile) => Step;

/** Leaves out what is undefined. */
function given(fields: Readonly<Record<string, unknown>>): Given {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

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

const created = (call: "createCollection" | "getOrCreateCollection"): fc.Arbitrary<StepOf> =>
  fc.tuple(sometimes(collectionMetadata, 40), hnsw).map(([metadata, more]): StepOf => (profile) => ({
    call,
    as: profile.name,
    with: given({ name: profile.name, metadata, ...configuration(profile, more) }),
  }));

/** Columns of a write, each for every id. */
interface Columns {
  readonly ids: readonly string[];
  readonly vectors: readonly (readonly number[])[];
  readonly documents: readonly string[];
  readonly metadatas: readonly unknown[];
  readonly uris: readonly string[];
}

const PER_CALL_MAX = 8;

function columns(): fc.Arbitrary<Columns> {
  const list = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
    fc.array(item, { minLength: PER_CALL_MAX, maxLength: PER_CALL_MAX });
  return fc
    .record({
      ids: ids(PER_CALL_MAX),
      vectors: list(vector),
      documents: list(rarely<string>(fc.constant("a\0b"), text, 2)),
      metadatas: list(
        rarely<unknown>(oddMetadata, fc.oneof({ weight: 8, arbitrary: metadata }, fc.constant(null)), 4),
      ),
      uris: list(fc.constantFrom("file:a", "https://example.com/é", "")),
    })
    .map(({ ids, ...rest }) => ({
      ids,
      vectors: rest.vectors.slice(0, ids.length),
      documents: rest.documents.slice(0, ids.length),
      metadatas: rest.metadatas.slice(0, ids.length),
      uris: rest.uris.slice(0, ids.length),
    }));
}

/** Which columns a write has, and what is wrong with it, if anything. */
const shape = fc.record({
  embeddings: fc.nat(9).map((n) => n > 1),
  documents: fc.nat(9).map((n) => n > 2),
  metadatas: fc.nat(9).map((n) => n > 2),
  uris: fc.nat(9).map((n) => n === 0),
  mistake: rarely<"dimension" | "length" | "number" | undefined>(
    fc.constantFrom("dimension", "length", "number"),
    fc.constant(undefined),
    12,
  ),
});

const written = (call: "add" | "update" | "upsert"): fc.Arbitrary<StepOf> =>
  fc.tuple(columns(), shape).map(([all, { mistake, ...has }]): StepOf => (profile) => {
    // Only an update, or a collection that embeds by itself, can do without vectors.
    const isEmbedded =
      has.embeddings || !(profile.embeds && has.documents) ? call !== "update" || has.embeddings : false;
    const length = dimensionOf(profile) + (mistake === "dimension" ? 1 : 0);
    const embeddings = all.vectors.map((row) => row.slice(0, length));
    if (mistake === "number" && embeddings[0]) embeddings[0][0] = Number.NaN;
    return {
      call,
      on: profile.name,
      with: given({
        ids: all.ids,
        embeddings: isEmbedded ? embeddings : undefined,
        // A document without its vector is embedded by the client, which needs a function for it.
        documents: has.documents && (isEmbedded || profile.embeds) ? all.documents : undefined,
        metadatas: has.metadatas
          ? mistake === "length"
            ? [...all.metadatas, null]
            : all.metadatas
          : undefined,
        uris: has.uris ? all.uris : undefined,
      }),
    };
  });

const columnNames = ["documents", "metadatas", "embeddings", "uris"];

function include(names: readonly string[]): fc.Arbitrary<readonly string[] | undefined> {
  return rarely<readonly string[] | undefined>(
    fc.constantFrom(["distances", "ids"], ["documents", "documents"]),
    fc.oneof(
      fc.constant(undefined),
      { weight: 3, arbitrary: fc.shuffledSubarray([...names], { minLength: 0 }) },
      fc.constant(names),
    ),
    10,
  );
}

const small = (max: number): fc.Arbitrary<number> =>
  rarely(fc.constantFrom(-1, 0, 1.5), fc.integer({ min: 1, max }), 12);

const got: fc.Arbitrary<StepOf> = fc
  .record({
    ids: sometimes(ids(6), 25),
    where: sometimes(where, 40),
    whereDocument: sometimes(whereDocument, 24),
    limit: sometimes(small(12), 25),
    offset: sometimes(rarely(fc.constantFrom(-1, 30), fc.nat(4), 20), 20),
    include: include(columnNames),
  })
  .map((fields): StepOf => ({ name }) => ({ call: "get", on: name, with: given(fields) }));

const queried: fc.Arbitrary<StepOf> = fc
  .record({
    vectors: fc.array(vector, { minLength: 1, maxLength: 3 }),
    texts: fc.array(text, { minLength: 1, maxLength: 2 }),
    byText: fc.nat(2).map((n) => n === 0),
    isTooLong: rarely(fc.constant(true), fc.constant(false), 10),
    nResults: sometimes(small(12), 70),
    ids: sometimes(ids(6), 4),
    where: sometimes(where, 32),
    whereDocument: sometimes(whereDocument, 20),
    include: include([...columnNames, "distances"]),
  })
  .map(({ vectors, texts, byText, isTooLong, ...fields }): StepOf => (profile) => {
    const length = dimensionOf(profile) + (isTooLong ? 1 : 0);
    const asked =
      byText && profile.embeds
        ? { queryTexts: texts }
        : { queryEmbeddings: vectors.map((row) => row.slice(0, length)) };
    return { call: "query", on: profile.name, with: given({ ...asked, ...fields }) };
  });

const deleted: fc.Arbitrary<StepOf> = fc
  .oneof(
    { weight: 5, arbitrary: fc.record({ ids: ids(3) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        where: plainWhere,
        limit: sometimes(fc.integer({ min: 1, max: 3 }), 70),
        ids: sometimes(ids(4), 30),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ whereDocument: plainWhereDocument, limit: fc.integer({ min: 0, max: 2 }) }),
    },
    fc.constantFrom({}, { ids: ["id-1"], limit: 1 }, { where: {} }, { where: { n: { $in: [1, "x"] } } }),
  )
  .map((fields): StepOf => ({ name }) => ({ call: "delete", on: name, with: given(fields) }));

const modified: fc.Arbitrary<StepOf> = fc
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

const onClient: fc.Arbitrary<StepOf> = fc.oneof(
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

const anyStep: fc.Arbitrary<StepOf> = fc.oneof(
  { weight: 12, arbitrary: written("add") },
  { weight: 8, arbitrary: written("upsert") },
  { weight: 8, arbitrary: written("update") },
  { weight: 5, arbitrary: deleted },
  { weight: 22, arbitrary: got },
  { weight: 22, arbitrary: queried },
  { weight: 3, arbitrary: fc.constant<StepOf>(({ name }) => ({ call: "count", on: name })) },
  {
    weight: 3,
    arbitrary: small(5).map((limit): StepOf => ({ name }) => ({ call: "peek", on: name, with: { limit } })),
  },
  { weight: 3, arbitrary: modified },
  { weight: 15, arbitrary: onClient },
);

const names = ["alpha", "beta", "gamma"] as const;
/** Most steps are of the first collection. */
const whichCollection = fc.constantFrom<0 | 1 | 2>(0, 0, 0, 1, 1, 2);

const OPENING_STEPS = 3;

/**
 * Each collection is made, gets records and is read; after that, anything. The reading is for the
 * server, which until then takes an ignored update's vector for an id that is added later
 * (`ignored-updates`).
 */
const opening = fc.tuple(
  created("createCollection"),
  written("add"),
  fc.constantFrom<CollectionCall>("count", "peek").map((call): StepOf => ({ name }) => ({
    call,
    on: name,
    with: {},
  })),
);

export const program: fc.Arbitrary<Program> = fc
  .record({
    profiles: fc.tuple(profile(names[0]), profile(names[1]), profile(names[2])),
    openings: fc.tuple(opening, opening, opening),
    steps: fc.array(fc.tuple(whichCollection, anyStep), {
      minLength: STEPS - OPENING_STEPS * names.length,
      maxLength: STEPS - OPENING_STEPS * names.length,
    }),
  })
  .map(({ profiles, openings, steps }) => {
    const opened = openings.flatMap((opening, at) => opening.map((step) => step(profiles[at]!)));
    const rest = steps.map(([which, step]) => step(profiles[which]));
    return [...opened, ...rest];
  });

/** The calls that programs make. */
export const programCalls: readonly Step["call"][] = [
  "add",
  "collection",
  "count",
  "countCollections",
  "createCollection",
  "delete",
  "deleteCollection",
  "get",
  "getCollection",
  "getCollectionById",
  "getCollections",
  "getMaxBatchSize",
  "getOrCreateCollection",
  "getUserIdentity",
  "heartbeat",
  "listCollections",
  "modify",
  "peek",
  "query",
  "update",
  "upsert",
  "version",
];
