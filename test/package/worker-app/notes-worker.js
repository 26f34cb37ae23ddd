// The application's worker, whose client starts the engine's beside it.
import { PersistentClient } from "chromalite";

async function run() {
  const client = new PersistentClient({ path: "worker-app" });
  const notes = await client.getOrCreateCollection({ name: "notes", embeddingFunction: null });
  const before = await notes.count();
  await notes.upsert({ ids: ["apple"], embeddings: [[1, 2]], documents: ["An apple a day"] });
  const { backend } = await client.storage.info();
  return { before, ids: (await notes.get()).ids, backend };
}

run().then(
  (outcome) => postMessage(outcome),
  (error) => postMessage({ error: String(error), code: error.code, cause: String(error.cause) }),
);
