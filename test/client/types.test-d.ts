// Types only: `npm run lint` checks this file, nothing runs it.

import type {
  AdminClient as OfficialAdminClient,
  ChromaClient,
  CloudClient as OfficialCloudClient,
  Collection as OfficialCollection,
} from "chromadb";
import * as chromadb from "chromadb";
import {
  AdminClient,
  AsyncHttpClient,
  Client,
  CloudClient,
  EphemeralClient,
  HttpClient,
  PersistentClient,
  useEmbeddingFunctionsFrom,
  type Collection,
  type Settings,
} from "../../src/index.ts";

declare const client: PersistentClient;
declare const collection: Collection;

// Where an official client or collection is wanted, ours is one.
client satisfies ChromaClient;
collection satisfies OfficialCollection;
(await client.createCollection({ name: "a" })) satisfies Collection;
(await client.listCollections()) satisfies Collection[];

// Rows are numbers or Float32Array, mixed too; a query may be one vector alone.
const row = new Float32Array(2);
await collection.add({ ids: ["a", "b"], embeddings: [row, [1, 2]] });
await collection.update({ ids: ["a"], embeddings: [row] });
await collection.upsert({ ids: ["a"], embeddings: [row] });
await collection.query({ queryEmbeddings: row });
await collection.query({ queryEmbeddings: [1, 2] });
await collection.query({ queryEmbeddings: [row, [1, 2]] });

// @ts-expect-error  a row is not text
await collection.add({ ids: ["a"], embeddings: ["12"] });
// @ts-expect-error  a query of numbers and rows mixed is neither one vector nor several
await collection.query({ queryEmbeddings: [1, [2]] });

// The other clients: ours where the official ones are wanted, and Python's arguments.
new CloudClient({ apiKey: "k" }) satisfies OfficialCloudClient;
new AdminClient(client) satisfies OfficialAdminClient;
new AdminClient({ host: "a", port: 1, ssl: true }) satisfies OfficialAdminClient;
new AdminClient({ isPersistent: true });
Client() satisfies ChromaClient;
Client({ allowReset: true }, "tenant", "database") satisfies Client;
(await new HttpClient("a", 1, false, {}, {}, "t", "d").getCollection({ name: "a" })) satisfies Collection;
(await AsyncHttpClient({ host: "a" })) satisfies HttpClient;
new CloudClient("tenant", "database", "key", { allowReset: true });
useEmbeddingFunctionsFrom(chromadb);

// @ts-expect-error  a port is a number, or its text
new HttpClient({ port: true });
// @ts-expect-error  a key is text
new CloudClient({ apiKey: 7 });

// Settings have Chroma's names and their own types.
({ chromaServerHttpPort: 1, chromaServerHeaders: { a: "b" }, migrations: "apply" }) satisfies Settings;
// @ts-expect-error  one of three
({ migrations: "later" }) satisfies Settings;
// @ts-expect-error  yes is a text
({ allowReset: "yes" }) satisfies Settings;

new PersistentClient();
new PersistentClient("notes", { allowReset: true }, "tenant", "database");
new PersistentClient({ path: "notes", settings: { allowReset: true }, tenant: "t", database: "d" });
new EphemeralClient({ allowReset: true }, "tenant", "database");
new EphemeralClient({ settings: { allowReset: true } });

// @ts-expect-error  settings are named as in the documents
new PersistentClient("notes", { allow_reset: true });
// @ts-expect-error  memory is another client
new PersistentClient({ backend: "memory" });

export async function disposable(): Promise<void> {
  await using inScope = new EphemeralClient();
  await inScope.heartbeat();
}
