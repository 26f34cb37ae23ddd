// Types only: `npm run lint` checks this file, nothing runs it.

import type { ChromaClient, Collection as OfficialCollection } from "chromadb";
import { EphemeralClient, PersistentClient, type Collection } from "../../src/index.ts";

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
