// The sizes that one call may have, on one collection of the largest batch: what the README promises.
// Each call must end in a time that a caller would not take for a hang.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Collection, PersistentClient } from "../../src/index.ts";
import { refusal } from "../semantics/refusal.ts";
import { largeBatch, MANY, RECORDS } from "./large-batch.ts";

/** Of one call on 100,000 records: tenths of a second on an idle machine. */
const CALL_MS_MAX = 30_000;
/** Of adding them: 2 s on an idle machine. */
const FILL_MS_MAX = 120_000;

/** @param openClient  a client of the path that every test of the suite shares */
export function runLimits(name: string, openClient: () => PersistentClient): void {
  describe(`Sizes of one call, ${name}`, { timeout: CALL_MS_MAX }, () => {
    const { ids, batch, query } = largeBatch();
    const many = ids.slice(0, MANY);
    let client: PersistentClient;
    let notes: Collection;

    // Filling takes longer than all tests together.
    beforeAll(async () => {
      client = openClient();
      notes = await client.createCollection({ name: "notes", embeddingFunction: null });
      await notes.add(batch);
    }, FILL_MS_MAX);
    afterAll(() => client.close());

    test("one add takes as many records as the pre-flight tells", async () => {
      expect(await client.getMaxBatchSize()).toBe(RECORDS);
      expect(await notes.count()).toBe(RECORDS);
      const { ids: last, metadatas } = await notes.get({ limit: 1, offset: RECORDS - 1 });
      expect(last).toEqual(ids.slice(-1));
      expect(metadatas).toEqual([{ n: RECORDS - 1 }]);
    });

    test("one more is refused in the official words, and nothing of it is written", async () => {
      const empty = await client.createCollection({ name: "empty", embeddingFunction: null });
      const tooMany = { ids: [...ids, "more"], embeddings: [...batch.embeddings, query] };
      const problem = `ChromaValueError: Record set length ${RECORDS + 1} exceeds max batch size ${RECORDS}`;
      expect(await refusal(empty.add(tooMany))).toBe(problem);
      expect(await refusal(notes.upsert(tooMany))).toBe(problem);
      expect(await empty.count()).toBe(0);
      expect(await notes.count()).toBe(RECORDS);
    });

    test("$in and $nin take 50,000 values, of numbers and of texts", async () => {
      const numbers = many.map((_, n) => n);
      const found = await notes.get({ where: { n: { $in: numbers } }, include: [] });
      expect(found.ids).toEqual(many);
      const others = await notes.get({ where: { n: { $nin: numbers } }, limit: 1, include: [] });
      expect(others.ids).toEqual([ids[MANY]]);
      const texts = many.map((id) => `text ${id}`);
      expect((await notes.get({ where: { n: { $in: texts } }, include: [] })).ids).toEqual([]);
    });

    test("get takes 50,000 ids", async () => {
      const got = await notes.get({ ids: many.toReversed(), include: ["metadatas"] });
      expect(got.ids).toEqual(many);
      expect(got.metadatas.at(-1)).toEqual({ n: MANY - 1 });
    });

    test("query takes 50,000 ids, and finds no others", async () => {
      const { ids: found } = await notes.query({ queryEmbeddings: query, ids: many, nResults: 100 });
      expect(found[0]).toHaveLength(100);
      const allowed = new Set(many);
      expect(found[0]?.every((id) => allowed.has(id))).toBe(true);
    });

    test("filters nest 100 deep, and deeper ones are refused, not walked", async () => {
      const deep = <Clause extends object>(leaf: Clause, depth: number): Clause =>
        depth === 0 ? leaf : ({ $and: [leaf, deep(leaf, depth - 1)] } as unknown as Clause);
      const where = deep({ n: 7 }, 100);
      const whereDocument = deep({ $contains: "document 7" }, 100);
      expect((await notes.get({ where, include: [] })).ids).toEqual([ids[7]]);
      expect((await notes.query({ queryEmbeddings: query, where, whereDocument })).ids).toEqual([[ids[7]]]);
      for (const depth of [129, 2_000, 5_000]) {
        const refused = /^ChromaClientError: 400: Invalid where( document)? clause: nested deeper than 128$/;
        const tooDeep = deep({ n: 7 }, depth);
        expect(await refusal(notes.get({ where: tooDeep }))).toMatch(refused);
        expect(await refusal(notes.query({ queryEmbeddings: query, where: tooDeep }))).toMatch(refused);
        expect(await refusal(notes.delete({ where: tooDeep }))).toMatch(refused);
        expect(await refusal(notes.get({ whereDocument: deep({ $contains: "x" }, depth) }))).toMatch(refused);
      }
      expect(await notes.count()).toBe(RECORDS);
    });

    test("a clause that contains itself is too deep as well", async () => {
      const parts: object[] = [];
      const endless = { $or: parts } as never;
      parts.push(endless, endless);
      expect(await refusal(notes.get({ where: endless }))).toContain("nested deeper than 128");
    });

    test("$or takes 10,000 clauses", async () => {
      const clauses = ids.slice(0, 10_000).map((_, i) => ({ n: i * 2 }));
      const { ids: found } = await notes.get({ where: { $or: clauses }, include: [] });
      expect(found).toEqual(ids.filter((_, n) => n % 2 === 0 && n < 20_000));
    });

    test("update and upsert take as many records as add", async () => {
      await notes.update({ ids: many, metadatas: many.map(() => ({ seen: true })) });
      expect((await notes.get({ where: { seen: true }, include: [] })).ids).toHaveLength(MANY);
    });

    test("delete takes 50,000 ids", async () => {
      expect(await notes.delete({ ids: many })).toEqual({ deleted: MANY });
      expect(await notes.count()).toBe(RECORDS - MANY);
      expect((await notes.get({ limit: 1, include: [] })).ids).toEqual([ids[MANY]]);
    });
  });
}
