// Bodies of every kind, most of them bad: what is refused, how, and that nothing of it was written.

import { afterEach, beforeEach, expect, test } from "vitest";
import { serve, type Served } from "./served.ts";

let served: Served;
let url: string;
beforeEach(async () => {
  served = await serve();
  url = await served.createCollection();
});
afterEach(() => served.close());

const vectorsPayload = "data did not match any variant of untagged enum EmbeddingsPayload";

test.each([
  ['[[1,2],"AACAPwAAAEA="]', 422, vectorsPayload],
  ["[[1,2],null]", 422, vectorsPayload],
  ['[[1,"2"],[1,2]]', 422, vectorsPayload],
  ["[[1,2],[[1]]]", 422, vectorsPayload],
  ["[1,2]", 422, vectorsPayload],
  ["{}", 422, vectorsPayload],
  ['"x"', 422, vectorsPayload],
  ["null", 422, vectorsPayload],
  ["[[1,2],[1]]", 400, "Inconsistent dimensions in provided embeddings"],
  ['["AACAPwAAAEA=","AACAPw=="]', 400, "Inconsistent dimensions in provided embeddings"],
  ["[[],[]]", 400, "Validation error: embeddings: Each embedding must have at least 1 dimension"],
  ['["",""]', 400, "Validation error: embeddings: Each embedding must have at least 1 dimension"],
  ["[[1e39],[1]]", 400, "Validation error: embeddings: Embeddings must not contain NaN or Infinity values"],
  ["[[1e400],[1]]", 400, "embeddings[0][0]: number out of range at line 1 column 37"],
  ["[]", 400, "Inconsistent number of IDs, embeddings, documents, URIs and metadatas"],
  ['["!",""]', 400, "Invalid base64 string: Invalid symbol 33, offset 0."],
  ['["A",""]', 400, "Invalid base64 string: Invalid input length: 1"],
  ['["AAA",""]', 400, "Invalid base64 string: Invalid padding"],
  [
    '["AAAA",""]',
    400,
    "Invalid byte length: 3 bytes cannot be converted to f32 values (must be divisible by 4)",
  ],
  [
    '["AAA=",""]',
    400,
    "Invalid byte length: 2 bytes cannot be converted to f32 values (must be divisible by 4)",
  ],
  ['["AAB=",""]', 400, "Invalid base64 string: Invalid last symbol 66, offset 2."],
  ['["AB==",""]', 400, "Invalid base64 string: Invalid last symbol 66, offset 1."],
  ['["A===",""]', 400, "Invalid base64 string: Invalid symbol 61, offset 1."],
  ['["====",""]', 400, "Invalid base64 string: Invalid symbol 61, offset 0."],
  ['["AA=A",""]', 400, "Invalid base64 string: Invalid symbol 61, offset 2."],
  ['["AAAA====",""]', 400, "Invalid base64 string: Invalid symbol 61, offset 4."],
  ['["AACAPwAAAEA==",""]', 400, "Invalid base64 string: Invalid symbol 61, offset 11."],
  ['["é",""]', 400, "Invalid base64 string: Invalid symbol 195, offset 0."],
  ['["AADAfw==",""]', 400, "Non-finite float value at embedding index 0: NaN"],
  ['["AACAfw==",""]', 400, "Non-finite float value at embedding index 0: inf"],
  ['["AACA/w==",""]', 400, "Non-finite float value at embedding index 0: -inf"],
])("embeddings %s are refused with %i", async (embeddings, status, message) => {
  const answer = await served.send("POST", `${url}/add`, `{"ids":["a","b"],"embeddings":${embeddings}}`);
  expect(answer.status).toBe(status);
  expect((answer.json as { message: string }).message).toContain(message);
  expect((await served.send("GET", `${url}/count`)).text).toBe("0");
});

test("an update leaves the vectors of null rows, also where every row is null", async () => {
  await served.send("POST", `${url}/add`, '{"ids":["a","b"],"embeddings":[[1,2],[3,4]]}');
  const update = (embeddings: string): Promise<{ status: number }> =>
    served.send("POST", `${url}/update`, `{"ids":["a","b"],"embeddings":${embeddings}}`);
  expect(await update("[null,null]")).toMatchObject({ status: 200 });
  expect(await update("[null,[5,6]]")).toMatchObject({ status: 200 });
  expect(await update('["AACAPwAAAEA=",null]')).toMatchObject({ status: 200 });
  const { json } = await served.send("POST", `${url}/get`, '{"include":["embeddings"]}');
  expect(json).toMatchObject({
    embeddings: [
      [1, 2],
      [5, 6],
    ],
  });
});

test("thousands of rows of a length no one foresaw are read whole", async () => {
  const rows = Array.from({ length: 3000 }, (_, row) => [row, row === 0 ? 0.5 : row / 3]);
  const ids = rows.map((_, row) => String(row));
  const { status } = await served.send("POST", `${url}/add`, JSON.stringify({ ids, embeddings: rows }));
  expect(status).toBe(201);
  const { json } = await served.send("POST", `${url}/get`, '{"include":["embeddings"]}');
  const { embeddings } = json as { embeddings: number[][] };
  expect(embeddings.map((row) => row.map(Math.fround))).toEqual(rows.map((row) => row.map(Math.fround)));
});

test.each([
  ["text/plain", 415],
  ["application/jsonx", 415],
  ["", 415],
  ["application/json; charset=utf-8", 200],
  ["application/vnd.api+json", 200],
  ["APPLICATION/JSON", 200],
])("a body declared as %s is answered with %i", async (contentType, status) => {
  const answer = await served.send("POST", `${url}/get`, "{}", { "content-type": contentType });
  expect(answer.status).toBe(status);
  if (status === 415) {
    expect(answer.json).toEqual({
      error: "ChromaError",
      message: "Expected request with `Content-Type: application/json`",
    });
  }
});

test.each([
  ["nothing", "", "EOF while parsing a value at line 1 column 0"],
  ["a byte order mark", "\ufeff{}", "expected value at line 1 column 1"],
  ["bytes that are no UTF-8", Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), "invalid unicode code point"],
  ["an encoded surrogate", Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), "invalid unicode code point"],
  ["a lone surrogate", '{"ids":["\\ud800"]}', "ids[0]: unexpected end of hex escape at line 1 column 16"],
  ["400 levels", `{"where":${'{"$and":['.repeat(200)}`, "recursion limit exceeded at line 1 column 1197"],
])("%s as a body is refused", async (_, body, problem) => {
  const { status, json } = await served.send("POST", `${url}/get`, body);
  const { error, message } = json as { error: string; message: string };
  expect({ status, error }).toEqual({ status: 400, error: "InvalidArgumentError" });
  expect(message.startsWith("Failed to parse the request body as JSON: ")).toBe(true);
  expect(message.endsWith(problem)).toBe(true);
});

test("a field twice, and an object that reads as our mark of a float, are refused", async () => {
  const twice = await served.send("POST", `${url}/get`, '{"limit":1,"limit":2}');
  expect(twice).toMatchObject({ status: 422, json: { error: "ChromaError" } });
  const body = '{"ids":["a"],"embeddings":[[1]],"metadatas":[{"v":{"#float":1}}]}';
  expect(await served.send("POST", `${url}/add`, body)).toMatchObject({ status: 422 });
});

test("keys and values of any kind come back as they were, and touch nothing else", async () => {
  const other = await served.createCollection({ name: "other" });
  const metadata = {
    constructor: "c",
    toString: 1,
    "'; DROP TABLE records; --": "'; DROP TABLE records; --",
    "nul\0": "\0",
    ["k".repeat(1_000_000)]: true,
  };
  const text = `{"__proto__":"p",${JSON.stringify(metadata).slice(1)}`;
  const ids = ["__proto__", "' OR 1=1 --", "\u0000", "é\u{1f600}"];
  const body = JSON.stringify({ ids, embeddings: ids.map(() => [1]) }).slice(0, -1);
  const add = `${body},"metadatas":[${ids.map(() => text).join(",")}]}`;
  expect(await served.send("POST", `${url}/add`, add)).toMatchObject({ status: 201 });
  const { json } = await served.send("POST", `${url}/get`, JSON.stringify({ ids: [ids[1]] }));
  const [stored] = (json as { metadatas: object[] }).metadatas;
  expect(new Map(Object.entries(stored ?? {}))).toEqual(
    new Map([["__proto__", "p"], ...Object.entries(metadata)]),
  );
  const where = JSON.stringify({ where: { "'; DROP TABLE records; --": "'; DROP TABLE records; --" } });
  expect((await served.send("POST", `${url}/get`, where)).json).toMatchObject({ ids });
  expect((await served.send("GET", `${other}/count`)).text).toBe("0");
});

test("a body beyond the limit is answered with 413, whatever length was declared, and is not read on", async () => {
  const small = await serve({ bodyBytesMax: 1000 });
  const tooLarge = {
    status: 413,
    json: { error: "ChromaError", message: "Failed to buffer the request body: length limit exceeded" },
  };
  const notes = await small.createCollection();
  const body = (length: number): string => `{"x":"${"a".repeat(length - 8)}"}`;
  expect(await small.send("POST", `${notes}/get`, body(1000))).toMatchObject({ status: 200 });
  expect(await small.send("POST", `${notes}/get`, body(1001))).toMatchObject(tooLarge);
  let chunks = 0;
  const endless = new ReadableStream({
    pull(controller) {
      chunks += 1;
      controller.enqueue(new Uint8Array(300).fill(0x20));
    },
  });
  expect(await small.send("POST", `${notes}/get`, endless)).toMatchObject(tooLarge);
  expect(chunks).toBeLessThan(10);
  await small.close();
});
