// Arbitrary steps that write and read records.

import fc from "fast-check";
import { plainWhere, plainWhereDocument, where, whereDocument } from "./clauses.ts";
import { dimensionOf, given, type StepOf } from "./profile.ts";
import { ids, metadata, oddMetadata, rarely, sometimes, text, vector } from "./values.ts";

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

export const written = (call: "add" | "update" | "upsert"): fc.Arbitrary<StepOf> =>
  fc.tuple(columns(), shape).map(([all, { mistake, ...has }]): StepOf => (profile) => {
    const canDoWithout = call === "update" || (profile.embeds && has.documents);
    const hasVectors = has.embeddings || !canDoWithout;
    const length = dimensionOf(profile) + (mistake === "dimension" ? 1 : 0);
    const embeddings = all.vectors.map((row) => row.slice(0, length));
    if (mistake === "number" && embeddings[0]) embeddings[0][0] = Number.NaN;
    return {
      call,
      on: profile.name,
      with: given({
        ids: all.ids,
        embeddings: hasVectors ? embeddings : undefined,
        // A document without its vector is embedded by the client, which needs a function for it.
        documents: has.documents && (hasVectors || profile.embeds) ? all.documents : undefined,
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

/** Mostly a number of records that can be asked for. */
export const small = (max: number): fc.Arbitrary<number> =>
  rarely(fc.constantFrom(-1, 0, 1.5), fc.integer({ min: 1, max }), 12);

export const got: fc.Arbitrary<StepOf> = fc
  .record({
    ids: sometimes(ids(6), 25),
    where: sometimes(where, 40),
    whereDocument: sometimes(whereDocument, 24),
    limit: sometimes(small(12), 25),
    offset: sometimes(rarely(fc.constantFrom(-1, 30), fc.nat(4), 20), 20),
    include: include(columnNames),
  })
  .map((fields): StepOf => ({ name }) => ({ call: "get", on: name, with: given(fields) }));

export const queried: fc.Arbitrary<StepOf> = fc
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

export const deleted: fc.Arbitrary<StepOf> = fc
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
