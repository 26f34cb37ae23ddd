import { expect, test } from "vitest";
import type { RecordsChange } from "../../worker/change.ts";
import { combine } from "../../worker/rows/filter.ts";
import { parseWhere, parseWhereDocument } from "../../worker/rows/parse-where.ts";
import { Rows } from "../../worker/rows/rows.ts";
import { Serials } from "../../worker/rows/serials.ts";
import { runtime, TestCollection } from "./collection.ts";

const hostileIds = [
  "a\0b",
  "\0",
  "a",
  "'; drop table records; --",
  '"',
  "😀",
  " ",
  "\t",
  "..",
  "/",
  "__proto__",
  "\uFEFF",
  "\uFEFF\uFEFFtwo marks",
  "x".repeat(3000),
];

function filled(count: number, shardBytesMax?: number): TestCollection {
  const collection = new TestCollection(shardBytesMax === undefined ? {} : { shardBytesMax });
  for (let start = 0; start < count; start += 500) {
    const numbers = Array.from({ length: Math.min(500, count - start) }, (_, i) => start + i);
    collection.add(
      ...numbers.map((n) => ({ id: `r${n}`, metadata: { n, even: n % 2 === 0 }, document: `text ${n}` })),
    );
  }
  return collection;
}

test("ids of any characters are found, told apart and kept by an image", () => {
  const collection = new TestCollection();
  collection.add(...hostileIds.map((id, n) => ({ id, metadata: { n } })));
  collection.reopen();
  expect(collection.fetchAll().ids).toEqual(hostileIds);
  expect([...collection.rows.sequencesOf(hostileIds)]).toEqual(hostileIds.map((_, n) => n));
  expect([...collection.rows.sequencesOf(["A", "", "a\0", "b"])]).toEqual([-1, -1, -1, -1]);
});

test("keys and values of any characters are filtered and returned as they came", () => {
  const hostile = ["__proto__", "constructor", "toString", "\uFEFFkey", "a.b", "é\0", "'", "k".repeat(5000)];
  const metadata = Object.fromEntries(hostile.map((key) => [key, `${key}\0😀${"v".repeat(2000)}`]));
  const collection = new TestCollection();
  collection.add({ id: "plain" }, { id: "hostile", metadata });
  collection.reopen();
  const [none, stored] = collection.fetchAll().metadatas!;
  expect(none).toBeNull();
  expect(Object.entries(stored!)).toEqual(Object.entries(metadata));
  expect(Object.getPrototypeOf(stored)).toBe(Object.prototype);
  for (const key of hostile) {
    expect(collection.select(parseWhere(Object.fromEntries([[key, metadata[key]]])))).toEqual(["hostile"]);
    expect(collection.select(parseWhere(Object.fromEntries([[key, "other"]])))).toEqual([]);
  }
});

test("numbers keep value and kind where that is asked for, and are plain numbers where not", () => {
  const values = {
    int: 1,
    float: { "#float": 1 },
    fraction: 1.5,
    large: 2 ** 40,
    wide: 2n ** 53n + 1n,
    most: 2n ** 63n - 1n,
    least: -(2 ** 63),
    past: 2 ** 63,
    huge: 1e300,
    tiny: 5e-324,
    wides: [2n ** 53n + 1n, 1],
    floats: [{ "#float": 1 }, 2.5],
  };
  const collection = new TestCollection();
  collection.add({ id: "a", metadata: values });
  collection.reopen();
  expect(collection.fetchAll(true).metadatas).toEqual([values]);
  expect(collection.fetchAll(false).metadatas).toEqual([
    { ...values, float: 1, wide: 2 ** 53, most: 2 ** 63, wides: [2 ** 53, 1], floats: [1, 2.5] },
  ]);
});

test("negative zero is stored as zero", () => {
  const collection = new TestCollection();
  collection.add({ id: "a", metadata: { zero: -0 } });
  expect(collection.fetchAll().metadatas).toEqual([{ zero: 0 }]);
});

test("arrays keep order and duplicates, become floats by one float, and vanish when empty", () => {
  const collection = new TestCollection();
  collection.add(
    { id: "a", metadata: { s: ["b", "a", "b"], n: [3, 1, 2.5], none: [] } },
    { id: "b", metadata: { none: [] } },
  );
  expect(collection.fetchAll(true).metadatas).toEqual([
    { s: ["b", "a", "b"], n: [{ "#float": 3 }, { "#float": 1 }, 2.5] },
    null,
  ]);
});

test("an update merges metadata by key: null and [] delete, arrays and types are replaced", () => {
  const collection = new TestCollection();
  collection.add({ id: "a", metadata: { kept: 1, gone: 2, emptied: [1], type: 3, list: [1, 2] } });
  collection.update({
    id: "a",
    metadata: { gone: null, emptied: [], type: ["x"], list: [9], fresh: true, never: null },
  });
  expect(collection.fetchAll().metadatas).toEqual([{ kept: 1, type: ["x"], list: [9], fresh: true }]);
  collection.update({ id: "a", metadata: { kept: null, type: null, list: null, fresh: null } });
  expect(collection.fetchAll().metadatas).toEqual([null]);
});

test("documents and uris stay where an update gives none, and can be emptied", () => {
  const collection = new TestCollection();
  collection.add({ id: "a", document: "\uFEFFtext", uri: "u:1" }, { id: "b" });
  collection.update({ id: "a", metadata: { k: 1 } }, { id: "b", uri: "u:2" });
  expect(collection.fetchAll()).toMatchObject({ documents: ["\uFEFFtext", null], uris: ["u:1", "u:2"] });
  collection.update({ id: "a", document: "" });
  expect(collection.fetchAll().documents).toEqual(["", null]);
});

test("the end of the sequences stays when the last record goes", () => {
  const collection = new TestCollection();
  expect(collection.rows.sequenceEnd).toBe(0);
  collection.add({ id: "a" }, { id: "b" });
  expect(collection.rows.sequenceEnd).toBe(2);
  collection.delete("b");
  expect(collection.rows.sequenceEnd).toBe(2);
});

test("updates keep the place in insertion order, deleting and adding again renews it", () => {
  const collection = new TestCollection();
  collection.add({ id: "a" }, { id: "b" }, { id: "c" });
  collection.update({ id: "a", moves: true });
  expect(collection.fetchAll().ids).toEqual(["a", "b", "c"]);
  collection.delete("b");
  collection.add({ id: "b" });
  expect(collection.fetchAll().ids).toEqual(["a", "c", "b"]);
  collection.reopen();
  expect(collection.fetchAll().ids).toEqual(["a", "c", "b"]);
});

test("offset and limit cut the insertion order, whatever the slots", () => {
  const collection = filled(2000);
  const odd = parseWhere({ even: false });
  const ids = (offset: number, limit: number): string[] => {
    const slots = collection.rows.inOrder(collection.rows.select(odd), offset, limit);
    return collection.rows.fetch(slots, {}, false).ids;
  };
  const few = parseWhere({ n: { $in: [5, 1999, 1] } });
  for (const moves of [false, true]) {
    if (moves) collection.update({ id: "r1", moves }, { id: "r7", moves });
    expect(ids(0, 4)).toEqual(["r1", "r3", "r5", "r7"]);
    expect(ids(998, 10)).toEqual(["r1997", "r1999"]);
    expect(ids(1000, 10)).toEqual([]);
    expect(ids(0, 0)).toEqual([]);
    expect(collection.select(few)).toEqual(["r1", "r5", "r1999"]);
  }
});

test("only the columns that are asked for come back", () => {
  const collection = filled(2);
  const slots = collection.rows.inOrder(collection.rows.live);
  expect(collection.rows.fetch(slots, {}, false)).toEqual({ ids: ["r0", "r1"] });
  expect(collection.texts.reads).toBe(0);
  expect(collection.rows.fetch(slots, { documents: true }, false)).toEqual({
    ids: ["r0", "r1"],
    documents: ["text 0", "text 1"],
  });
  expect(collection.rows.fetch([1, 0, 1], { uris: true }, false)).toEqual({
    ids: ["r1", "r0", "r1"],
    uris: [null, null, null],
  });
});

test("records go to new shards past the limit, and only shards that changed are dirty", () => {
  const collection = filled(3000, 40_000);
  const { rows } = collection;
  const dirty = (): number[] =>
    Array.from({ length: rows.shardCount }, (_, i) => i).filter((i) => rows.isDirty(i));
  expect(rows.shardCount).toBeGreaterThan(3);
  expect(dirty()).toHaveLength(rows.shardCount);
  const bytes = Array.from({ length: rows.shardCount }, (_, i) => rows.freezeShard(i)().length);
  expect(Math.max(...bytes)).toBeLessThan(60_000);
  expect(dirty()).toEqual([]);
  collection.update({ id: "r0", metadata: { even: null } });
  expect(dirty()).toEqual([0]);
  collection.add({ id: "last" });
  collection.delete("r1");
  expect(dirty()).toEqual([0, rows.shardCount - 1]);
  rows.select(parseWhere({ n: 3 }));
  expect(dirty()).toEqual([0, rows.shardCount - 1]);
  expect(() => rows.isDirty(rows.shardCount)).toThrow("there is no shard");
});

test("a frozen shard's image is of the moment it was frozen, whatever is written before it is taken", () => {
  const collection = filled(100, 1_000_000);
  const before = collection.fetchAll();
  const takeFirst = collection.rows.freezeShard(0);
  collection.update({ id: "r3", metadata: { n: -1 } });
  collection.delete("r5");
  collection.add({ id: "later" });
  expect(collection.rows.isDirty(0)).toBe(true);
  const after = collection.fetchAll();
  collection.open([takeFirst()]);
  expect(collection.fetchAll()).toEqual(before);
  expect(after).not.toEqual(before);
  expect(takeFirst).toThrow("not frozen");
});

test("a shard whose records are deleted gives its pages back and may be empty in an image", () => {
  const collection = filled(3000, 40_000);
  const all = collection.fetchAll().ids;
  collection.delete(...all.slice(0, 2990));
  expect(collection.rows.freezeShard(0)().length).toBeLessThan(25_000);
  collection.reopen();
  collection.add({ id: "r0", metadata: { n: 0 } });
  expect(collection.fetchAll().ids).toEqual([...all.slice(2990), "r0"]);
  expect(collection.select(parseWhere({ n: { $lt: 2995 } }))).toEqual([
    "r2990",
    "r2991",
    "r2992",
    "r2993",
    "r2994",
    "r0",
  ]);
  collection.delete(...collection.fetchAll().ids);
  collection.reopen();
  collection.add({ id: "only" });
  collection.reopen();
  expect(collection.fetchAll().ids).toEqual(["only"]);
});

test("thousands of deletes and adds keep ids and order findable", () => {
  const collection = filled(6000);
  const kept = collection.fetchAll().ids.filter((_, i) => i % 3 === 0);
  collection.delete(...collection.fetchAll().ids.filter((_, i) => i % 3 !== 0));
  const renewed = Array.from({ length: 4000 }, (_, i) => ({ id: `r${i}` })).filter(
    ({ id }) => !kept.includes(id),
  );
  collection.add(...renewed);
  const expected = [...kept, ...renewed.map(({ id }) => id)];
  expect(collection.rows.count).toBe(expected.length);
  expect(collection.fetchAll().ids).toEqual(expected);
  expect(collection.rows.slotsOf(expected).count()).toBe(expected.length);
  expect(collection.rows.slotsOf(["r5999", "r5998", "none"]).count()).toBe(0);
  for (const sequence of collection.rows.sequencesOf(expected)) {
    expect(collection.rows.sequenceOf(collection.rows.slotOf(sequence))).toBe(sequence);
  }
});

test("ids are found while their index is made, and it is made once they are looked up: a shard at a time", () => {
  const collection = new TestCollection({ shardBytesMax: 0 });
  for (let shard = 0; shard < 6; shard++) {
    collection.add(...Array.from({ length: 30 }, (_, i) => ({ id: `${shard}-${i}` })));
  }
  collection.reopen();
  const { rows } = collection;
  expect(rows.shardCount).toBeGreaterThanOrEqual(6);
  expect(rows.coverIds()).toBe(false);
  const asked = ["5-29", "nobody", "3-7", "3-7"];
  const expected = new Float64Array([179, -1, 97, 97]);
  expect(rows.sequencesOf(asked)).toEqual(expected);
  collection.delete("4-1", "0-1");
  collection.add({ id: "0-1" });
  let slices = 0;
  for (; rows.coverIds(); slices++) expect(rows.sequencesOf(asked)).toEqual(expected);
  expect(slices).toBeGreaterThan(0);
  expect(rows.sequencesOf(["4-1", "0-1", ...asked])).toEqual(new Float64Array([-1, 180, ...expected]));
});

test("many ids, or few of them again and again, make the index of ids at once", () => {
  const collection = filled(5000, 0);
  const ids = Array.from({ length: 2500 }, (_, i) => `r${i * 3}`);
  const expected = Float64Array.from(ids, (_, i) => (i * 3 < 5000 ? i * 3 : -1));
  collection.reopen();
  expect(collection.rows.sequencesOf(ids)).toEqual(expected);
  expect(collection.rows.coverIds()).toBe(false);
  collection.reopen();
  for (let again = 0; again < 4; again++) {
    expect(collection.rows.sequencesOf(["r4999", "none"])).toEqual(new Float64Array([4999, -1]));
  }
  expect(collection.rows.coverIds()).toBe(true);
  expect(collection.rows.sequencesOf(["r4999", "none"])).toEqual(new Float64Array([4999, -1]));
  expect(collection.rows.coverIds()).toBe(false);
});

test("filters answer the same after columns and documents were given up", () => {
  const collection = filled(300);
  const filters = [parseWhere({ n: { $gte: 250 } }), parseWhereDocument({ $contains: "29" })];
  const before = filters.map((filter) => collection.select(filter));
  const held = collection.rows.memoryUsed();
  collection.rows.release();
  expect(collection.rows.memoryUsed()).toBeLessThan(held);
  expect(filters.map((filter) => collection.select(filter))).toEqual(before);
});

test("documents past the resident limit are read one by one, and resident again below it", () => {
  const collection = new TestCollection({ residentTextBytesMax: 4000 });
  const contains = parseWhereDocument({ $contains: "needle" });
  collection.add({ id: "a", document: "a needle" }, { id: "b", document: "hay" });
  expect(collection.select(contains)).toEqual(["a"]);
  const loaded = collection.texts.reads;
  expect(collection.select(contains)).toEqual(["a"]);
  expect(collection.texts.reads).toBe(loaded);
  collection.add({ id: "c", document: `${"hay ".repeat(1500)}needle` });
  expect(collection.select(contains)).toEqual(["a", "c"]);
  collection.delete("c");
  collection.update({ id: "b", document: "needles" });
  expect(collection.select(contains)).toEqual(["a", "b"]);
  const again = collection.texts.reads;
  collection.select(contains);
  expect(collection.texts.reads).toBe(again);
});

test("few candidates are read one by one until loading all would have cost no more", () => {
  const collection = filled(100);
  const clause = (n: number) =>
    combine(parseWhere({ n: { $lt: n } }), parseWhereDocument({ $contains: "9" }));
  const readsOf = (n: number): number => {
    const before = collection.texts.reads;
    expect(collection.select(clause(n))).toHaveLength(n / 10);
    return collection.texts.reads - before;
  };
  expect([readsOf(20), readsOf(40), readsOf(30), readsOf(20), readsOf(10)]).toEqual([20, 40, 30, 100, 0]);
});

test("changes outside of a transaction, and two transactions at once, are refused", () => {
  const { rows } = new TestCollection();
  expect(() => rows.apply({ deletes: [] })).toThrow("inside a transaction");
  rows.begin();
  expect(() => rows.begin()).toThrow("a transaction is open");
});

test("changes of records that do not exist are our own mistake and throw", () => {
  const { rows } = filled(1);
  rows.begin();
  expect(() => rows.apply({ deletes: [7] })).toThrow("7");
  expect(rows.slotOf(7)).toBe(-1);
  expect(rows.sequenceOf(7)).toBe(-1);
});

test("a sequence that is none reaches no row: SQLite would take NaN for null and make one up", () => {
  const collection = new TestCollection();
  collection.add({ id: "a", metadata: { n: 1 } }, { id: "b" });
  const { rows } = collection;
  const column = [null];
  const inserts = (sequenceStart: number): RecordsChange => ({
    inserts: {
      sequenceStart,
      serialStart: 2,
      ids: ["c"],
      metadatas: [{ n: 2 }],
      documents: column,
      uris: column,
    },
  });
  const updates = (sequence: number): RecordsChange => ({
    updates: {
      sequences: [sequence],
      serials: column,
      metadatas: [{ n: 2 }],
      documents: column,
      uris: column,
    },
  });
  rows.begin();
  for (const sequence of [Number.NaN, undefined as unknown as number, 1, 1.5, -1, 2 ** 53]) {
    expect(() => rows.apply(inserts(sequence))).toThrow(`sequence ${sequence} of a new record`);
  }
  for (const sequence of [Number.NaN, undefined as unknown as number, 2, -1]) {
    expect(() => rows.apply(updates(sequence))).toThrow(`no record has sequence ${sequence}`);
  }
  rows.commit();
  expect(collection.fetchAll()).toMatchObject({ ids: ["a", "b"], metadatas: [{ n: 1 }, null] });
});

test("bytes that are no image are refused at opening", () => {
  const { texts } = new TestCollection();
  const stored = { images: [new Uint8Array(5000).fill(7)], changes: [] };
  expect(() => Rows.open(runtime, stored, texts, new Serials())).toThrow("not a database");
});
