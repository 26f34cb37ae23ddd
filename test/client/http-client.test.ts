// The HTTP client against our engine behind Chroma's REST API: what is sent, and what comes of it.

import { ChromaClient, ChromaConnectionError, ChromaNotFoundError, ChromaValueError } from "chromadb";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { AsyncHttpClient, HttpClient, type Settings } from "../../src/index.ts";
import { serveEngine, type ServedEngine } from "../cloud/served-engine.ts";

// The first requests load the wasm engine, on a machine that may run other tests.
vi.setConfig({ testTimeout: 30_000 });

const prefix = "/behind/a-proxy";

let server: ServedEngine;
let proxied: ServedEngine;
beforeAll(async () => {
  [server, proxied] = await Promise.all([serveEngine(), serveEngine({ prefix })]);
});
afterAll(() => Promise.all([server.close(), proxied.close()]));
afterEach(() => vi.unstubAllEnvs());

const local = { host: "127.0.0.1" };

test("an HTTP client is an official client, and constructing one sends nothing", () => {
  const before = server.requests.length;
  const client = new HttpClient({ ...local, port: server.port });
  expect(client).toBeInstanceOf(ChromaClient);
  expect(client).toMatchObject({ tenant: "default_tenant", database: "default_database" });
  expect(server.requests).toHaveLength(before);
});

test("rows and queries as Float32Array and a flat query vector work, in every collection a client returns", async () => {
  await using client = new HttpClient({ host: server.url });
  const created = await client.createCollection({ name: "rows", embeddingFunction: null });
  const row = Float32Array.of(0.1, 0.2);
  await created.add({ ids: ["a", "b"], embeddings: [row, [3, 4]] });
  await created.upsert({ ids: ["b"], embeddings: [Float32Array.of(5, 6)] });
  await created.update({ ids: ["b"], embeddings: [Float32Array.of(7, 8)] });
  expect(row).toEqual(Float32Array.of(0.1, 0.2));
  const collections = [
    created,
    await client.getCollection({ name: "rows" }),
    await client.getOrCreateCollection({ name: "rows" }),
    await client.getCollectionById(created.id),
    ...(await client.getCollections(["rows"])),
    ...(await client.listCollections()),
    client.collection(created.id),
  ];
  expect(collections).toHaveLength(7);
  for (const collection of collections) {
    for (const queryEmbeddings of [row, [row], [0.1, 0.2], [[0.1, 0.2]]]) {
      const { ids, distances } = await collection.query({ queryEmbeddings, nResults: 1 });
      expect({ ids, distances }).toEqual({ ids: [["a"]], distances: [[0]] });
    }
  }
  expect(JSON.parse(server.requests.at(-1)?.body ?? "")).toMatchObject({ query_embeddings: [[0.1, 0.2]] });
  const stored = await created.get({ include: ["embeddings"] });
  expect(stored.embeddings).toEqual([
    [0.1, 0.2],
    [7, 8],
  ]);
});

test("typed arrays other than Float32Array, which only JavaScript passes, are rows too", async () => {
  await using client = new HttpClient({ host: server.url });
  const collection = await client.createCollection({ name: "typed-rows", embeddingFunction: null });
  const row = Float64Array.of(0.1, 0.2);
  await collection.add({ ids: ["a"], embeddings: [row as unknown as number[]] });
  for (const queryEmbeddings of [row, [row]] as unknown as number[][]) {
    expect((await collection.query({ queryEmbeddings })).distances).toEqual([[0]]);
  }
});

test("rows reach a server that takes no base64", async () => {
  const client = new HttpClient({ host: server.url });
  await client.getPreflightChecks();
  vi.spyOn(client, "supportsBase64Encoding").mockResolvedValue(false);
  const notes = await client.createCollection({ name: "plain", embeddingFunction: null });
  await notes.add({ ids: ["a"], embeddings: [Float32Array.of(0.1, 0.2)] });
  expect(JSON.parse(server.requests.at(-1)?.body ?? "")).toMatchObject({ embeddings: [[0.1, 0.2]] });
});

test("a host may be a whole URL with a path before the API's", async () => {
  for (const host of [
    `${proxied.url}${prefix}`,
    `${proxied.url}/${prefix}/`,
    `${proxied.url}${prefix}/api/v2`,
  ]) {
    const client = new HttpClient({ host, port: 1 });
    expect(await client.heartbeat()).toBeGreaterThan(0);
    expect(proxied.requests.at(-1)?.path).toBe(`${prefix}/api/v2/heartbeat`);
  }
  await expect(new HttpClient({ host: proxied.url }).heartbeat()).rejects.toThrow(ChromaNotFoundError);
});

test("Python's positional arguments work, and values are coerced", async () => {
  const port = String(server.port);
  const client = new HttpClient("127.0.0.1", port, false, { "x-team": "search" }, {}, "acme", "words");
  expect(client).toMatchObject({ tenant: "acme", database: "words", headers: { "x-team": "search" } });
  expect(await client.heartbeat()).toBeGreaterThan(0);
  const untyped = { ...local, port, ssl: "no" as unknown as boolean, tenant: 7 as unknown as string };
  expect(new HttpClient(untyped).tenant).toBe("7");
  expect(await new HttpClient(untyped).heartbeat()).toBeGreaterThan(0);
  expect(() => new HttpClient({ port: "eight" })).toThrow(
    new ChromaValueError('Expected port to be an integer, but got "eight"'),
  );
  expect(() => new HttpClient({ ssl: "perhaps" as unknown as boolean })).toThrow(ChromaValueError);
});

test("headers go with every request, those of the settings below those of the arguments", async () => {
  const settings = { chromaServerHeaders: { "x-team": "search", "x-stage": "one" } };
  const client = new HttpClient({ host: server.url, headers: { "x-stage": "two" }, settings });
  const from = server.requests.length;
  await client.getOrCreateCollection({ name: "headers", embeddingFunction: null });
  await client.listCollections();
  const seen = server.requests.slice(from);
  expect(seen.length).toBeGreaterThan(1);
  for (const { headers } of seen) expect(headers).toMatchObject({ "x-team": "search", "x-stage": "two" });
});

test.each<[string, Settings, Record<string, string>]>([
  [
    "a bearer token",
    { chromaClientAuthProvider: "chromadb.auth.token_authn.TokenAuthClientProvider" },
    { authorization: "Bearer me:secret" },
  ],
  [
    "Chroma's token header",
    {
      chromaClientAuthProvider: "chromadb.auth.token_authn.TokenAuthClientProvider",
      chromaAuthTokenTransportHeader: "X-Chroma-Token",
    },
    { "x-chroma-token": "me:secret" },
  ],
  [
    "its older name",
    {
      chromaClientAuthProvider: "chromadb.auth.token.TokenAuthClientProvider",
      chromaAuthTokenTransportHeader: "X_CHROMA_TOKEN",
    },
    { "x-chroma-token": "me:secret" },
  ],
  [
    "basic auth",
    { chromaClientAuthProvider: "chromadb.auth.basic_authn.BasicAuthClientProvider" },
    { authorization: "Basic bWU6c2VjcmV0" },
  ],
])("auth settings: %s", async (_, settings, headers) => {
  const credentials = { chromaClientAuthCredentials: "me:secret" };
  await new HttpClient({ host: server.url, settings: { ...settings, ...credentials } }).heartbeat();
  expect(server.requests.at(-1)?.headers).toMatchObject(headers);
});

test("auth settings come from the environment too, and bad ones are refused", async () => {
  const token = "chromadb.auth.token_authn.TokenAuthClientProvider";
  const make = (settings: Settings) => () => new HttpClient({ host: server.url, settings });
  expect(make({ chromaClientAuthProvider: token })).toThrow(
    new ChromaValueError("Missing required config value 'chromaClientAuthCredentials'"),
  );
  expect(make({ chromaClientAuthProvider: token, chromaClientAuthCredentials: "two words" })).toThrow(
    new ChromaValueError("Invalid token. Must contain only ASCII letters, digits, and punctuation."),
  );
  expect(
    make({
      chromaClientAuthProvider: token,
      chromaClientAuthCredentials: "t",
      chromaAuthTokenTransportHeader: "Cookie",
    }),
  ).toThrow(
    new ChromaValueError(
      "Invalid token transport header: Cookie. Must be one of Authorization, X-Chroma-Token",
    ),
  );
  expect(make({ chromaClientAuthProvider: "my.Provider" })).toThrow(ChromaValueError);
  vi.stubEnv("CHROMA_CLIENT_AUTH_PROVIDER", token);
  vi.stubEnv("CHROMA_CLIENT_AUTH_CREDENTIALS", "from-env");
  await make({})().heartbeat();
  expect(server.requests.at(-1)?.headers).toMatchObject({ authorization: "Bearer from-env" });
});

test("settings say where the server is, and may not contradict an argument", async () => {
  const settings = { chromaServerHost: "127.0.0.1", chromaServerHttpPort: server.port };
  expect(await new HttpClient({ settings }).heartbeat()).toBeGreaterThan(0);
  expect(await new HttpClient({ ...local, port: server.port, settings }).heartbeat()).toBeGreaterThan(0);
  expect(() => new HttpClient({ host: "elsewhere", settings })).toThrow(
    new ChromaValueError(
      "Chroma server host provided in settings[127.0.0.1] is different to the one provided in HttpClient: [elsewhere]",
    ),
  );
  expect(() => new HttpClient({ port: 1, settings })).toThrow(
    new ChromaValueError(
      `Chroma server http port provided in settings[${server.port}] is different to the one provided in HttpClient: [1]`,
    ),
  );
  vi.stubEnv("CHROMA_SERVER_HOST", server.url);
  expect(await new HttpClient().heartbeat()).toBeGreaterThan(0);
  expect(await new HttpClient({ host: proxied.url + prefix }).heartbeat()).toBeGreaterThan(0);
});

test("a server that is not there is the official error, at the first call", async () => {
  const gone = await serveEngine();
  await gone.close();
  const client = new HttpClient({ host: gone.url });
  const error: unknown = await client.heartbeat().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ChromaConnectionError);
  expect(error).toMatchObject({ message: expect.stringMatching(/^Failed to connect to chromadb/) as string });
});

test("AsyncHttpClient is a promise of the same, and a bad argument its rejection", async () => {
  const client = await AsyncHttpClient({ host: server.url });
  expect(client).toBeInstanceOf(HttpClient);
  expect(await client.heartbeat()).toBeGreaterThan(0);
  expect((await AsyncHttpClient("127.0.0.1", server.port, false, {}, {}, "acme")).tenant).toBe("acme");
  await expect(AsyncHttpClient({ host: "ftp://example.org" })).rejects.toThrow(ChromaValueError);
});

test("after close every call throws one error, those under way end", async () => {
  const client = new HttpClient({ host: server.url });
  const open = client.heartbeat();
  await Promise.all([client.close(), client.close()]);
  await expect(open).resolves.toBeGreaterThan(0);
  await expect(client.heartbeat()).rejects.toMatchObject({ code: "closed", message: "The client is closed" });
});
