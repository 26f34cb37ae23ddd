// Which requests are answered by an operation, and what is said to all others.

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { methodsByRoute } from "../../http/operations.ts";
import { databaseUrl, serve, sender, type Served } from "./served.ts";

const contract = JSON.parse(
  readFileSync(new URL("../../tools/openapi/chroma-openapi.json", import.meta.url), "utf8"),
) as { paths: Record<string, Record<string, unknown>> };

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());

test("the routes are those of Chroma's document, and the second heartbeat", () => {
  const { "/api/v2": heartbeat, ...rest } = methodsByRoute;
  const inDocument = Object.entries(contract.paths).map(([route, methods]) => [route, Object.keys(methods)]);
  expect(heartbeat).toEqual(["get"]);
  expect(
    Object.fromEntries(Object.entries(rest).map(([route, methods]) => [route, methods.toSorted()])),
  ).toEqual(
    Object.fromEntries(inDocument.map(([route, methods]) => [route, (methods as string[]).toSorted()])),
  );
});

test("a request is one operation: route, parts of the path, query, body", async () => {
  const send = sender({
    call: async (operation) => ({ ok: true, status: 200, data: operation }),
    close: async () => undefined,
  });
  const url = "/api/v2/tenants/a%2Fb%20%C3%A9%25/databases/d/collections?limit=2&offset=&limit2=x%26y";
  expect((await send("POST", url, '{"name":"n"}')).json).toEqual({
    method: "post",
    route: "/api/v2/tenants/{tenant}/databases/{database}/collections",
    path: { tenant: "a/b é%", database: "d" },
    query: { limit: "2", offset: "", limit2: "x&y" },
    body: { name: "n" },
    exact: true,
  });
});

test.each([
  "/",
  "/nothing",
  "/api/v2/",
  "/api/v2/heartbeat/",
  "/API/v2/heartbeat",
  "/api/v1",
  "/api/v1/",
  "//",
])("%s is no route: 404 without a body", async (url) => {
  expect(await served.send("GET", url)).toMatchObject({ status: 404, text: "" });
});

test.each([
  ["POST", "/api/v2/heartbeat", "GET,HEAD"],
  ["OPTIONS", "/api/v2/heartbeat", "GET,HEAD"],
  ["PATCH", `${databaseUrl}/collections`, "GET,POST,HEAD"],
  ["POST", "/api/v1/collections", "GET,HEAD,PUT,PATCH,DELETE,OPTIONS"],
])("%s %s is another method than there is: 405 without a body", async (method, url, allow) => {
  const { status, text, headers } = await served.send(method, url);
  expect({ status, text, allow: headers.get("allow") }).toEqual({ status: 405, text: "", allow });
});

test.each(["GET", "DELETE", "PUT"])("%s of version 1 of the API is gone", async (method) => {
  expect(await served.send(method, "/api/v1/collections/x")).toMatchObject({
    status: 410,
    json: { error: "Unimplemented", message: "The v1 API is deprecated. Please use /v2 apis" },
  });
});

test("HEAD is GET without the body", async () => {
  expect(await served.send("HEAD", "/api/v2/version")).toMatchObject({ status: 200, text: "" });
});

test("the document is served where it is given, byte by byte", async () => {
  expect(await served.send("GET", "/openapi.json")).toMatchObject({ status: 404 });
  const openApiDocument = '{"openapi": "3.1.0"}';
  const transport = { call: () => Promise.reject(new Error("no call")), close: async () => undefined };
  const { text, headers } = await sender(transport, { openApiDocument })("GET", "/openapi.json");
  expect(text).toBe(openApiDocument);
  expect(headers.get("content-type")).toBe("application/json");
});
