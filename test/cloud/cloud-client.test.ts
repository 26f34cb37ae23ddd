// The cloud client against the stand-in: keys, and what they lead to or are refused with.

import {
  ChromaForbiddenError,
  ChromaUnauthorizedError,
  ChromaValueError,
  CloudClient as OfficialCloudClient,
} from "chromadb";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { AdminClient, Client, CloudClient, type CloudClientOptions } from "../../src/index.ts";
import type { ServedEngine } from "./served-engine.ts";
import { keys, startCloud } from "./stand-in.ts";

// The first requests load the wasm engine, on a machine that may run other tests.
vi.setConfig({ testTimeout: 30_000 });

let cloud: ServedEngine;
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud.close());
afterEach(() => vi.unstubAllEnvs());

const reach = (options: CloudClientOptions): CloudClient => new CloudClient({ ...options, host: cloud.url });

test("a key of one database says whose it is, and everything works there", async () => {
  const client = reach({ apiKey: keys.one });
  expect(client).toMatchObject({ tenant: undefined, database: undefined });
  const notes = await client.createCollection({ name: "notes-of-one", embeddingFunction: null });
  await notes.add({ ids: ["a", "b"], embeddings: [new Float32Array([1, 2]), [0.1, 0.2]] });
  expect((await notes.query({ queryEmbeddings: new Float32Array([0.1, 0.2]), nResults: 1 })).ids).toEqual([
    ["b"],
  ]);
  expect(client).toMatchObject({ tenant: "default_tenant", database: "default_database" });
  expect(cloud.requests.at(-1)?.headers).toMatchObject({ "x-chroma-token": keys.one });
});

test("a key of several databases, of all or of none is the official client's error", async () => {
  for (const key of [keys.several, keys.all, keys.none]) {
    const [ours, official] = await Promise.all(
      [
        reach({ apiKey: key }),
        plainHttp(new OfficialCloudClient({ apiKey: key, host: "127.0.0.1", port: cloud.port })),
      ].map((client) => client.listCollections().catch((error: unknown) => error)),
    );
    expect(ours).toBeInstanceOf(Error);
    expect(ours).toEqual(official);
    expect((ours as Error).constructor).toBe((official as Error).constructor);
  }
});

test("a key of several databases works with the one that is named, with or without the tenant", async () => {
  for (const scope of [{ database: "letters" }, { tenant: "default_tenant", database: "letters" }]) {
    const client = reach({ apiKey: keys.several, ...scope });
    await client.getOrCreateCollection({ name: "named", embeddingFunction: null });
    expect(client.database).toBe("letters");
  }
  const others = await reach({ apiKey: keys.several, database: "default_database" }).listCollections();
  expect(others.map(({ name }) => name)).not.toContain("named");
});

test("a key that is unknown or revoked, and a database that is not the key's, are refused", async () => {
  await expect(reach({ apiKey: keys.unknown }).listCollections()).rejects.toThrow(ChromaUnauthorizedError);
  await expect(reach({ apiKey: keys.revoked }).listCollections()).rejects.toThrow(ChromaForbiddenError);
  const elsewhere = reach({ apiKey: keys.one, tenant: "default_tenant", database: "letters" });
  await expect(elsewhere.listCollections()).rejects.toThrow(ChromaForbiddenError);
});

test("without a key, and with one that no header can carry, there is no client", () => {
  vi.stubEnv("CHROMA_API_KEY", "");
  const ours = thrownBy(() => new CloudClient());
  expect(ours).toBeInstanceOf(ChromaValueError);
  expect(ours).toEqual(thrownBy(() => new OfficialCloudClient()));
  expect(() => new CloudClient({ apiKey: "clé" })).toThrow(
    new ChromaValueError("Invalid token. Must contain only ASCII letters, digits, and punctuation."),
  );
});

test("key, tenant and database come from the environment where they are left out", async () => {
  vi.stubEnv("CHROMA_API_KEY", ` ${keys.several}\n`);
  vi.stubEnv("CHROMA_TENANT", "default_tenant");
  vi.stubEnv("CHROMA_DATABASE", "letters");
  const client = reach({});
  expect(client).toMatchObject({ tenant: "default_tenant", database: "letters" });
  await client.listCollections();
  expect(cloud.requests.at(-1)).toMatchObject({ headers: { "x-chroma-token": keys.several } });
  expect(reach({ database: "default_database" }).database).toBe("default_database");
});

test("Python's positional arguments and names work", async () => {
  const positional = new CloudClient("acme", "words", keys.one, {
    chromaServerHeaders: { "x-team": "search" },
  });
  expect(positional).toMatchObject({
    tenant: "acme",
    database: "words",
    headers: { "x-chroma-token": keys.one, "x-team": "search" },
  });
  const { port } = cloud;
  const named = new CloudClient({
    apiKey: keys.one,
    cloudHost: "127.0.0.1",
    cloudPort: port,
    enableSsl: false,
  });
  expect(await named.heartbeat()).toBeGreaterThan(0);
});

test("the environment alone makes a cloud client of Client(), at the endpoint that it names", async () => {
  vi.stubEnv("CHROMA_API_KEY", keys.one);
  vi.stubEnv("CHROMA_ENDPOINT", cloud.url);
  const client = Client();
  expect(client).toBeInstanceOf(CloudClient);
  expect(await client.countCollections()).toBeGreaterThanOrEqual(0);
});

test("an admin client reaches the cloud through a cloud client", async () => {
  const admin = new AdminClient(reach({ apiKey: keys.all }));
  await admin.createDatabase({ name: "numbers", tenant: "default_tenant" });
  const databases = await admin.listDatabases({ tenant: "default_tenant" });
  expect(databases.map(({ name }) => name)).toEqual(["default_database", "letters", "numbers"]);
  const refused = new AdminClient(reach({ apiKey: keys.revoked }));
  await expect(refused.getTenant({ name: "default_tenant" })).rejects.toThrow(ChromaForbiddenError);
});

function thrownBy(make: () => unknown): unknown {
  try {
    make();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** The official client speaks TLS to a cloud and has no option against it. */
function plainHttp(client: OfficialCloudClient): OfficialCloudClient {
  const { apiClient } = client as unknown as { apiClient: { setConfig(config: object): void } };
  apiClient.setConfig({ baseUrl: cloud.url });
  return client;
}
