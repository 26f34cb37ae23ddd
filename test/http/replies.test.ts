// What goes over the wire and back: numbers, vectors, statuses, in the very bytes that Chroma's server writes.

import { expect, test } from "vitest";
import { databaseUrl, serve, type Served } from "./served.ts";

async function withServed(run: (served: Served) => Promise<void>): Promise<void> {
  const served = await serve({ allowReset: true });
  try {
    await run(served);
  } finally {
    await served.close();
  }
}

// Stored as the value of a metadata key, and read back.
test.each([
  ["1", "1"],
  ["1.0", "1.0"],
  ["-0", "0.0"],
  ["1e3", "1000.0"],
  ["1e15", "1000000000000000.0"],
  ["1e16", "1e+16"],
  ["1e21", "1e+21"],
  ["1.5e-7", "1.5e-7"],
  ["0.00001", "0.00001"],
  ["1e308", "1e+308"],
  ["4.9e-324", "5e-324"],
  ["1e-400", "0.0"],
  ["0.1", "0.1"],
  ["9007199254740993", "9007199254740993"],
  ["1152921504606846977", "1152921504606846977"],
  ["1152921504606846976", "1152921504606846976"],
  ["9223372036854775807", "9223372036854775807"],
  ["-9223372036854775808", "-9223372036854775808"],
  ["9223372036854775808", "9.223372036854776e+18"],
  ["-9223372036854775809", "-9.223372036854776e+18"],
  ["[1,2.0]", "[1.0,2.0]"],
  ["[9007199254740993]", "[9007199254740993]"],
  ["true", "true"],
  ['"1.0"', '"1.0"'],
])("metadata %s is read back as %s", (written, read) =>
  withServed(async ({ send, createCollection }) => {
    const url = await createCollection();
    const body = `{"ids":["a"],"embeddings":[[1]],"metadatas":[{"v":${written}}]}`;
    expect(await send("POST", `${url}/add`, body)).toMatchObject({ status: 201, text: "{}" });
    const { text } = await send("POST", `${url}/get`, '{"include":["metadatas"]}');
    expect(text).toContain(`"metadatas":[{"v":${read}}]`);
    const query = await send("POST", `${url}/query`, '{"query_embeddings":[[1]],"include":["metadatas"]}');
    expect(query.text).toContain(`"metadatas":[[{"v":${read}}]]`);
  }),
);

test("numbers of a collection's metadata and of its embedding function stay what they were", () =>
  withServed(async ({ send, createCollection }) => {
    const numbers = { float: 1.5, text: "1.0" };
    const body = JSON.stringify({
      metadata: numbers,
      configuration: {
        hnsw: { resize_factor: 2 },
        embedding_function: { type: "known", name: "own", config: { rates: [numbers] } },
      },
    }).replaceAll("1.5", "3.0");
    await send("POST", `${databaseUrl}/collections`, `{"name":"notes",${body.slice(1)}`);
    await createCollection({ get_or_create: true });
    const { text } = await send("GET", `${databaseUrl}/collections/notes`);
    expect(text).toContain('"metadata":{"float":3.0,"text":"1.0"}');
    expect(text).toContain('"config":{"rates":[{"float":3.0,"text":"1.0"}]}');
    expect(text.match(/"resize_factor":2\.0/g)).toHaveLength(3);
    expect(text).not.toContain("#float");
    const list = await send("GET", `${databaseUrl}/collections`);
    expect(list.text).toBe(`[${text}]`);
  }));

test("embeddings are written as their shortest decimals, as arrays or as base64 alike", () =>
  withServed(async ({ send, createCollection }) => {
    const url = await createCollection();
    const numbers = "1,0.1,1e-40,1e12,1e13,0.00001,1.5e-7,3.4e38,-0.0,16777217,0.3333333333,1e-46";
    const base64 = Buffer.from(Float32Array.from(JSON.parse(`[${numbers}]`) as number[]).buffer).toString(
      "base64",
    );
    await send("POST", `${url}/add`, `{"ids":["a"],"embeddings":[[${numbers}]]}`);
    await send("POST", `${url}/add`, `{"ids":["b"],"embeddings":["${base64}"]}`);
    const { text } = await send("POST", `${url}/get`, '{"include":["embeddings"]}');
    const row = "1.0,0.1,1e-40,1000000000000.0,1e+13,0.00001,1.5e-7,3.4e+38,-0.0,16777216.0,0.33333334,0.0";
    expect(text).toContain(`"embeddings":[[${row}],[${row}]]`);
    const query = `{"query_embeddings":[[${numbers}]],"include":["embeddings","distances"]}`;
    const found = await send("POST", `${url}/query`, query);
    expect(found.text).toContain(`"embeddings":[[[${row}],[${row}]]]`);
    expect(found.text).toContain('"distances":[[0.0,0.0]]');
  }));

test("a distance that is no finite number is null", () =>
  withServed(async ({ send, createCollection }) => {
    const url = await createCollection();
    await send("POST", `${url}/add`, '{"ids":["a","b"],"embeddings":[[0],[3e38]]}');
    const { text } = await send(
      "POST",
      `${url}/query`,
      '{"query_embeddings":[[-3e38]],"include":["distances"]}',
    );
    expect(text).toContain('"distances":[[null,null]]');
  }));

test("each operation answers with the status and the body of Chroma's server", () =>
  withServed(async ({ send, createCollection }) => {
    const url = await createCollection();
    const said = async (method: string, path: string, body?: string): Promise<string> => {
      const { status, text } = await send(method, path, body);
      return `${status} ${text}`;
    };
    expect(await said("GET", "/api/v2/version")).toBe('200 "1.0.0"');
    expect(await said("GET", "/api/v2/heartbeat")).toMatch(/^200 \{"nanosecond heartbeat":\d{19}\}$/);
    expect(await said("GET", "/api/v2")).toMatch(/^200 \{"nanosecond heartbeat":\d{19}\}$/);
    expect(await said("POST", `${url}/add`, '{"ids":["a"],"embeddings":[[1,2]]}')).toBe("201 {}");
    expect(await said("POST", `${url}/upsert`, '{"ids":["a"],"embeddings":[[1,2]]}')).toBe("200 {}");
    expect(await said("POST", `${url}/update`, '{"ids":["a"],"documents":["x"]}')).toBe("200 {}");
    expect(await said("GET", `${url}/count`)).toBe("200 1");
    expect(await said("GET", `${url}/indexing_status`)).toMatch(/"op_indexing_progress":\d\.\d+/);
    expect(await said("POST", `${url}/delete`, '{"ids":["a"]}')).toBe('200 {"deleted":1}');
    expect(await said("GET", `${databaseUrl}/collections_count`)).toBe("200 1");
    expect(await said("PUT", url, '{"new_name":"other"}')).toBe("200 {}");
    expect(await said("DELETE", `${databaseUrl}/collections/other`)).toBe("200 {}");
    expect(await said("POST", "/api/v2/tenants", '{"name":"ten ant/ä"}')).toBe("200 {}");
    expect(await said("GET", "/api/v2/tenants/ten%20ant%2F%C3%A4")).toBe(
      '200 {"name":"ten ant/ä","resource_name":null}',
    );
    expect(await said("POST", "/api/v2/tenants", '{"name":"ten ant/ä"}')).toBe(
      '409 {"error":"ChromaError","message":"Tenant [ten ant/ä] already exists"}',
    );
    expect(await said("GET", `${databaseUrl}/collections/none`)).toBe(
      '404 {"error":"NotFoundError","message":"Collection [none] does not exist"}',
    );
    expect(await said("GET", `${url}/count`)).toMatch(
      /^404 \{"error":"NotFoundError","message":"Collection \[[0-9a-f-]{36}\] does not exist\."\}$/,
    );
    expect(await said("GET", `${databaseUrl}/collections?limit=-1`)).toMatch(/^400 .*InvalidArgumentError/);
    expect(await said("POST", `${url}/search`, '{"searches":[]}')).toMatch(/^501 \{"error":"ChromaError"/);
    expect(await said("POST", "/api/v2/reset")).toBe("200 true");
  }));

test("the pre-flight promises a batch that fits the body limit, and no more than the engine takes", async () => {
  const batch = async (bodyBytesMax?: number): Promise<unknown> => {
    const served = await serve(bodyBytesMax === undefined ? {} : { bodyBytesMax });
    const { json } = await served.send("GET", "/api/v2/pre-flight-checks");
    await served.close();
    return json;
  };
  expect(await batch()).toEqual({ max_batch_size: 4194, supports_base64_encoding: true });
  expect(await batch(2_000_000_000)).toMatchObject({ max_batch_size: 100_000 });
  expect(await batch(100)).toMatchObject({ max_batch_size: 1 });
});
