// What we know of the inside of the official client. When an upgrade of chromadb fails here, look at
// src/clients/official.ts and scripts/build/beside.mjs.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ChromaClient, type Collection } from "chromadb";
import { expect, test } from "vitest";
import { extendCollection, replaceApiClient } from "../../src/clients/official.ts";
import type { ApiClient, ApiRequest } from "../../src/transport/operation-client.ts";

const sourceFile = fileURLToPath(import.meta.resolve("chromadb"));

/** An API client that answers every request alike and keeps what it was asked. */
function recorder(data: unknown): { apiClient: ApiClient; requests: ApiRequest[] } {
  const requests: ApiRequest[] = [];
  const method = (request: ApiRequest): Promise<{ data: unknown }> => {
    requests.push(request);
    return Promise.resolve({ data });
  };
  return { apiClient: { get: method, post: method, put: method, patch: method, delete: method }, requests };
}

test("this is the version whose inside we know", () => {
  const packageJson = readFileSync(join(dirname(sourceFile), "..", "package.json"), "utf8");
  const { version } = JSON.parse(packageJson) as { version: string };
  expect(version).toBe("3.5.0");
});

test("the official client keeps its transport in the field apiClient, and takes ours", async () => {
  const client = new ChromaClient();
  expect(Object.keys(client)).toContain("apiClient");
  const { apiClient, requests } = recorder("1.0.0");
  replaceApiClient(client, apiClient);
  expect(await client.version()).toBe("1.0.0");
  expect(requests).toMatchObject([{ url: "/api/v2/version" }]);
});

test("a client without that field is refused, not silently left on the network", () => {
  const client = Object.create(ChromaClient.prototype) as ChromaClient;
  expect(() => replaceApiClient(client, recorder(null).apiClient)).toThrow("no longer has an apiClient");
});

test("a collection takes the transport from its client, and asks for route templates with a path", async () => {
  const client = new ChromaClient();
  const { apiClient, requests } = recorder(7);
  replaceApiClient(client, apiClient);
  expect(await client.collection("some-id").count()).toBe(7);
  expect(requests).toMatchObject([
    {
      url: "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/count",
      path: { tenant: "default_tenant", database: "default_database", collection_id: "some-id" },
    },
  ]);
});

test("the official validators refuse a flat query vector with a raw TypeError: ours nests it for them", async () => {
  const client = new ChromaClient();
  const { apiClient, requests } = recorder({ ids: [["a"]], include: [] });
  replaceApiClient(client, apiClient);
  const official = client.collection("some-id");
  await expect(official.query({ queryEmbeddings: [1, 2] as unknown as number[][] })).rejects.toThrow(
    TypeError,
  );
  await extendCollection(official).query({ queryEmbeddings: [1, 2] });
  expect(requests.at(-1)?.body).toMatchObject({ query_embeddings: [[1, 2]] });
});

test("the official client leaves nulls and a key __proto__ out of what it sends: ours puts them back", async () => {
  const metadatas = [JSON.parse('{"__proto__": 1, "gone": null, "n": 2}') as Record<string, number>];
  const sent = async (extend: (official: Collection) => Collection): Promise<unknown> => {
    const client = new ChromaClient();
    const { apiClient, requests } = recorder({ max_batch_size: 9, supports_base64_encoding: false });
    replaceApiClient(client, apiClient);
    await extend(client.collection("some-id")).update({ ids: ["a"], metadatas });
    const body = requests.at(-1)?.body as { metadatas: [object] };
    return new Map(Object.entries(body.metadatas[0]));
  };
  expect(await sent((official) => official)).toEqual(new Map([["n", 2]]));
  expect(await sent(extendCollection)).toEqual(new Map(Object.entries(metadatas[0] ?? {})));
  expect(Object.keys(metadatas[0] ?? {})).toHaveLength(3);
});

test("every route that the official client asks for is one of the contract", () => {
  const contract = new URL("../../tools/openapi/chroma-openapi.json", import.meta.url);
  const { paths } = JSON.parse(readFileSync(contract, "utf8")) as { paths: Record<string, unknown> };
  const source = readFileSync(sourceFile, "utf8");
  const routes = [...source.matchAll(/url: "(\/api\/v2[^"]*)"/g)].map(([, route]) => route as string);
  expect(new Set(routes).size).toBeGreaterThan(20);
  const unknown = [...new Set(routes)].filter((route) => !(route in paths));
  expect(unknown).toEqual([]);
});
