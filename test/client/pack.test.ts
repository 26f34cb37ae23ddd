import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { operationBuffers, packBody, packVectors } from "../../src/transport/pack.ts";
import { unpackData, unpackVectors } from "../../src/transport/unpack.ts";

test("rows of numbers become one array, row after row", () => {
  const packed = packVectors([
    [1, 2],
    [3, 4],
  ]);
  expect(packed).toEqual({ rows: 2, dimension: 2, values: Float32Array.of(1, 2, 3, 4) });
});

test("the caller's Float32Array is copied, not taken", () => {
  const row = Float32Array.of(1, 2);
  const packed = packVectors([row]);
  row[0] = 9;
  expect(packed.values).toEqual(Float32Array.of(1, 2));
  expect(packed.values.buffer).not.toBe(row.buffer);
});

test("numeric strings convert, as the official client's packing does", () => {
  const rows = [["5", 1]] as unknown as number[][];
  expect(packVectors(rows).values).toEqual(Float32Array.of(5, 1));
});

test("what is no number is refused, not made one; what is not there is NaN, which the engine refuses", () => {
  for (const element of [null, true, "", " ", {}, [], 1n, Symbol("x"), new Date(0)]) {
    const rows = [[1, element]] as unknown as number[][];
    expect(() => packVectors(rows)).toThrow(/invalid type: \w+, expected f32$/);
  }
  expect(() => packVectors([BigInt64Array.of(1n) as unknown as number[]])).toThrow("invalid type: bigint");
  expect(packVectors([Object.assign(Array<number>(3), { 0: 1, 2: 2 })]).values).toEqual(
    Float32Array.of(1, Number.NaN, 2),
  );
});

test("a row that tells another length the second time does not reach into the next one", () => {
  let reads = 0;
  const longer = [1, 2, 9, 9];
  const row = new Proxy(longer, {
    get: (target, name) => (name === "length" && reads++ < 2 ? 2 : (Reflect.get(target, name) as unknown)),
  });
  expect(packVectors([[3, 4], row]).values).toEqual(Float32Array.of(3, 4, 1, 2));
});

test("typed arrays of other kinds, of shared memory and of another realm are rows of numbers", () => {
  const shared = new Float32Array(new SharedArrayBuffer(8));
  shared.set([5, 6]);
  const foreign = [runInNewContext("[7, 8]"), runInNewContext("Float32Array.of(9, 10)")] as number[][];
  const rows = [Float64Array.of(1, 2), Int8Array.of(3, 4), shared, ...foreign] as unknown as number[][];
  expect(packVectors(rows).values).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
});

test("rows of different lengths are refused with the server's text", () => {
  expect(() => packVectors([[1, 2], [3]])).toThrow("Inconsistent dimensions in provided embeddings");
});

test("a null row takes no space and is null again", () => {
  const packed = packVectors([[1, 2], null, [3, 4]]);
  expect(packed).toMatchObject({ rows: 3, dimension: 2, present: Uint8Array.of(1, 0, 1) });
  expect(packed.values).toHaveLength(4);
  expect(unpackVectors(packed)).toEqual([[1, 2], null, [3, 4]]);
});

test("a null row before the first vector does not hide its dimension", () => {
  expect(packVectors([null, [1, 2, 3]])).toMatchObject({ rows: 2, dimension: 3 });
});

test("a body's vectors are packed under their own name, its undefined fields are left out", () => {
  const body = packBody({ ids: ["a"], embeddings: [[1, 2]], uris: undefined });
  expect(body).toEqual({ ids: ["a"], embeddings: packVectors([[1, 2]]) });
  expect(Object.keys(body as object)).not.toContain("uris");
  expect(packBody({ query_embeddings: [[1]] })).toEqual({ query_embeddings: packVectors([[1]]) });
});

test("a body without vectors becomes what JSON would make of it", () => {
  const configuration = { hnsw: { space: "ip" }, embeddingFunction: { generate: () => [] } };
  expect(packBody({ name: "a", configuration })).toEqual({
    name: "a",
    configuration: { hnsw: { space: "ip" }, embeddingFunction: {} },
  });
});

test("columns of records pass as they are: JSON would make null of a NaN, and that deletes a key", () => {
  const body = packBody({ ids: ["a"], metadatas: [{ n: Number.NaN }], limit: undefined });
  expect(body).toEqual({ ids: ["a"], metadatas: [{ n: Number.NaN }] });
});

test("what is nested too deep for JSON is refused as on the server", () => {
  let config: object = {};
  for (let depth = 0; depth < 100_000; depth += 1) config = { config };
  expect(() => packBody({ configuration: config })).toThrow("recursion limit exceeded");
});

test("the buffers of an operation are its packed vectors", () => {
  const body = packBody({ embeddings: [[1, 2], null] }) as { embeddings: ReturnType<typeof packVectors> };
  const { values, present } = body.embeddings;
  expect(operationBuffers({ method: "post", route: "", body })).toEqual([values.buffer, present?.buffer]);
  expect(operationBuffers({ method: "get", route: "" })).toEqual([]);
});

test("a get reply's embeddings become rows of the decimals that were written", () => {
  const data = unpackData({ ids: ["a"], embeddings: packVectors([[0.1, 0.2]]), documents: null });
  expect(data).toEqual({ ids: ["a"], embeddings: [[0.1, 0.2]], documents: null });
});

test("a query reply is unpacked query by query; what is no number is null", () => {
  const data = unpackData({
    ids: [["a"], []],
    embeddings: [packVectors([[Number.NaN, 0.5]]), packVectors([])],
    distances: [[Math.fround(0.02), Infinity], Float32Array.of(0.1)],
  });
  expect(data).toEqual({
    ids: [["a"], []],
    embeddings: [[[null, 0.5]], []],
    distances: [[0.02, null], [0.1]],
  });
});

test("data that holds no vectors passes unchanged", () => {
  for (const data of [7, "1.0.0", true, null, [{ name: "a" }]]) expect(unpackData(data)).toBe(data);
});
