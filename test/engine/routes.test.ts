import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as archiveOperations from "../../src/protocol/archive.ts";
import * as followedWrite from "../../src/protocol/followed-write.ts";
import { flushOperation, salvageOperation, storageInfoOperation } from "../../src/protocol/storage-info.ts";
import { getHandler, operationNames } from "../../worker/engine/routes.ts";
import { EngineClient } from "./engine-client.ts";

interface Contract {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const contract = JSON.parse(
  readFileSync(new URL("../../tools/openapi/chroma-openapi.json", import.meta.url), "utf8"),
) as Contract;

const operations = Object.entries(contract.paths).flatMap(([route, methods]) =>
  Object.keys(methods).map((method) => `${method} ${route}`),
);

test("every operation of Chroma's contract has a handler", () => {
  expect(operations.length).toBe(35);
  expect(operations.filter((name) => !operationNames.includes(name))).toEqual([]);
});

test("beside the contract there are the server's second heartbeat and operations of our own", () => {
  const own = [
    storageInfoOperation,
    flushOperation,
    salvageOperation,
    ...Object.values(archiveOperations),
    ...Object.values(followedWrite),
  ].map(({ method, route }) => `${method} ${route}`);
  const ours = operationNames.filter((name) => !operations.includes(name));
  expect(ours.sort()).toEqual(["get /api/v2", ...own].sort());
});

test("a route that is not in the contract has no handler, whatever its name", () => {
  for (const route of ["/api/v1/heartbeat", "__proto__", "constructor"]) {
    expect(getHandler("get", route)).toBeUndefined();
  }
});

test("an unknown operation is answered with 404, one that is not built yet with 501", async () => {
  const client = await EngineClient.open();
  await expect(client.call("get", "/api/v2/nothing")).rejects.toMatchObject({ status: 404 });
  const id = await client.createCollection("some");
  const search = "/api/v2/tenants/{tenant}/databases/{database}/collections/{collection_id}/search";
  await expect(client.call("post", search, { collection_id: id }, { searches: [] })).rejects.toMatchObject({
    status: 501,
    message: "search() is not implemented by Chromalite yet",
  });
  await client.close();
});
