// Client(): which client it is.

import { afterEach, expect, test, vi } from "vitest";
import {
  Client,
  CloudClient,
  EphemeralClient,
  HttpClient,
  PersistentClient,
  type Settings,
} from "../../src/index.ts";
import { serveEngine } from "../cloud/served-engine.ts";

afterEach(() => vi.unstubAllEnvs());

/** The most particular class of a client. */
function kindOf(client: Client): string {
  const classes = { CloudClient, HttpClient, PersistentClient, EphemeralClient };
  return Object.entries(classes).find(([, kind]) => client instanceof kind)?.[0] ?? "none";
}

const fastApi = "chromadb.api.fastapi.FastAPI";

test.each<[string, Settings, Record<string, string>]>([
  ["EphemeralClient", {}, {}],
  ["EphemeralClient", { isPersistent: false }, { PERSIST_DIRECTORY: "data" }],
  ["EphemeralClient", {}, { IS_PERSISTENT: "false", PERSIST_DIRECTORY: "data" }],
  ["PersistentClient", {}, { IS_PERSISTENT: "TRUE" }],
  ["PersistentClient", {}, { PERSIST_DIRECTORY: "data" }],
  ["PersistentClient", { isPersistent: true }, { CHROMA_API_KEY: "k", CHROMA_HOST: "a" }],
  ["PersistentClient", { persistDirectory: "data" }, { CHROMA_API_KEY: "k" }],
  ["HttpClient", { chromaServerHost: "a", isPersistent: true }, { CHROMA_API_KEY: "k" }],
  ["HttpClient", { chromaApiImpl: fastApi }, {}],
  ["HttpClient", { chromaApiImpl: "chromadb.api.async_fastapi.AsyncFastAPI" }, {}],
  ["HttpClient", {}, { CHROMA_API_IMPL: fastApi }],
  ["HttpClient", {}, { CHROMA_ENDPOINT: "http://a:1", IS_PERSISTENT: "1" }],
  ["HttpClient", {}, { CHROMA_HOST: "a", PERSIST_DIRECTORY: "data" }],
  ["HttpClient", {}, { CHROMA_SERVER_HOST: "a" }],
  ["CloudClient", {}, { CHROMA_API_KEY: "k", CHROMA_ENDPOINT: "http://a:1", IS_PERSISTENT: "1" }],
])("%s by settings %j and environment %j", (expected, settings, variables) => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  expect(kindOf(Client({ settings }))).toBe(expected);
  expect(kindOf(Client(settings))).toBe(expected);
});

test("tenant and database are arguments, in either form", () => {
  expect(Client({ tenant: "acme", database: "words" })).toMatchObject({ tenant: "acme", database: "words" });
  expect(Client({}, "acme", "words")).toMatchObject({ tenant: "acme", database: "words" });
  expect(Client(undefined, "acme")).toMatchObject({ tenant: "acme", database: "default_database" });
});

test("a server's tenant and database come from the environment, an engine's here do not", () => {
  vi.stubEnv("CHROMA_TENANT", "acme");
  vi.stubEnv("CHROMA_DATABASE", "words");
  expect(Client()).toMatchObject({ tenant: "default_tenant", database: "default_database" });
  vi.stubEnv("CHROMA_HOST", "example.org");
  expect(Client()).toMatchObject({ tenant: "acme", database: "words" });
});

test("the endpoint comes before the host, and the host before the server's host", async () => {
  const server = await serveEngine();
  vi.stubEnv("CHROMA_SERVER_HOST", "not-there.invalid");
  vi.stubEnv("CHROMA_HOST", server.url);
  expect(await Client().heartbeat()).toBeGreaterThan(0);
  vi.stubEnv("CHROMA_HOST", "not-there.invalid");
  vi.stubEnv("CHROMA_ENDPOINT", server.url);
  expect(await Client().heartbeat()).toBeGreaterThan(0);
  vi.stubEnv("CHROMA_ENDPOINT", "");
  vi.stubEnv("CHROMA_HOST", "127.0.0.1");
  vi.stubEnv("CHROMA_SERVER_HTTP_PORT", String(server.port));
  expect(await Client().heartbeat()).toBeGreaterThan(0);
  await server.close();
});
