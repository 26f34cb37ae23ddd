// A user's first application. Writes what it did into the page, as JSON.
import { PersistentClient } from "chromalite";

async function run() {
  const client = new PersistentClient({ path: "vite-app" });
  const notes = await client.getOrCreateCollection({ name: "notes", embeddingFunction: null });
  const before = await notes.count();
  if (before === 0) {
    await notes.add({
      ids: ["apple", "bread", "cloud"],
      embeddings: [[1, 0, 0], new Float32Array([0, 1, 0]), [0, 0, 1]],
      documents: ["An apple a day", "Bread and butter", "Cloud nine"],
      metadatas: [{ edible: true }, { edible: true }, { edible: false }],
    });
  }
  const near = await notes.query({ queryEmbeddings: [0.1, 0.9, 0], nResults: 2 });
  const inedible = await notes.get({ where: { edible: false }, include: ["documents", "embeddings"] });
  const matched = await notes.get({ whereDocument: { $regex: "(?i)^an? .*day$" } });
  const archive = await new Response(client.export()).blob();
  const copy = await PersistentClient.import(archive, { path: `copy-at-${before}` });
  return {
    before,
    after: await notes.count(),
    copied: await (await copy.getCollection({ name: "notes", embeddingFunction: null })).count(),
    near: near.ids,
    inedible: inedible.rows(),
    matched: matched.ids,
  };
}

run().then(
  (outcome) => show(outcome),
  (error) => show({ error: String(error), code: error.code, cause: String(error.cause) }),
);

function show(outcome) {
  document.querySelector("output").textContent = JSON.stringify(outcome);
}
