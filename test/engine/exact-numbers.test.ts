// Numbers that JavaScript cannot hold or tell apart: kept for a caller that asks for them, plain for others.

import { expect, test } from "vitest";
import type { Operation } from "../../src/protocol/operation.ts";
import { EngineClient, pack } from "./engine-client.ts";

const COLLECTIONS = "/api/v2/tenants/{tenant}/databases/{database}/collections";
const COLLECTION = `${COLLECTIONS}/{collection_id}`;
const scope = { tenant: "default_tenant", database: "default_database" };
const exactNumbers = { float: { "#float": 1 }, int: 1, wide: 2n ** 53n + 1n, half: 0.5 };
const plainNumbers = { float: 1, int: 1, wide: 2 ** 53, half: 0.5 };

test("metadata of collections and records, and settings of embedding functions, keep what they were", async () => {
  const client = await EngineClient.open();
  const call = async (operation: Omit<Operation, "path">, id = ""): Promise<unknown> => {
    const reply = await client.engine.call({ ...operation, path: { ...scope, collection_id: id } });
    expect(reply.ok).toBe(true);
    return reply.ok ? reply.data : undefined;
  };
  const embedding_function = { type: "known", name: "own", config: { nested: [exactNumbers] } };
  const body = { name: "numbers", metadata: exactNumbers, configuration: { embedding_function } };
  const create = { method: "post", route: COLLECTIONS, body } as const;
  const { id } = (await call(create)) as { id: string };

  const get = { method: "get", route: COLLECTION } as const;
  const told = (numbers: object) => ({
    metadata: numbers,
    configuration_json: { embedding_function: { config: { nested: [numbers] } } },
  });
  expect(await call(get, "numbers")).toMatchObject(told(plainNumbers));
  expect(await call({ ...get, exact: true }, "numbers")).toMatchObject(told(exactNumbers));

  await client.write("add", id, { ids: ["a"], embeddings: [[1]], metadatas: [exactNumbers] });
  const records = { method: "post", route: `${COLLECTION}/get`, body: {} } as const;
  const query = {
    method: "post",
    route: `${COLLECTION}/query`,
    body: { query_embeddings: pack([[1]]) },
  } as const;
  expect(await call(records, id)).toMatchObject({ metadatas: [plainNumbers] });
  expect(await call({ ...records, exact: true }, id)).toMatchObject({ metadatas: [exactNumbers] });
  expect(await call(query, id)).toMatchObject({ metadatas: [[plainNumbers]] });
  expect(await call({ ...query, exact: true }, id)).toMatchObject({ metadatas: [[exactNumbers]] });
  await client.close();
});

test("a float where an int is asked for is named as one; where a float is asked for it is taken", async () => {
  const client = await EngineClient.open();
  const id = await client.createCollection("numbers", {
    configuration: { hnsw: { resize_factor: { "#float": 2 } } },
  });
  await expect(client.get(id, { limit: { "#float": 1 } })).rejects.toThrow(
    "limit: invalid type: floating point `1.0`, expected u32",
  );
  await client.close();
});
