// An application written for chromadb, but for the one constructor that Chroma's JavaScript client lacks.
// Its bundler is told that `chromadb` is chromalite. Writes what it did into the page, as JSON.
import { ChromaClient, ChromaNotFoundError, PersistentClient, registerEmbeddingFunction } from "chromadb";

class Lengths {
  name = "alias-lengths";
  static buildFromConfig() {
    return new Lengths();
  }
  getConfig() {
    return {};
  }
  async generate(texts) {
    return texts.map((text) => [text.length, 1]);
  }
}
registerEmbeddingFunction("alias-lengths", Lengths);

async function run() {
  const client = new PersistentClient({ path: "alias-app" });
  const words = await client.createCollection({ name: "words", embeddingFunction: new Lengths() });
  await words.add({ ids: ["a", "b"], documents: ["tea", "lemonade"] });
  const again = await client.getCollection({ name: "words" });
  const { ids } = await again.query({ queryTexts: ["water"], nResults: 1 });
  const missing = await client.getCollection({ name: "none" }).catch((error) => error);
  return {
    ids,
    isClient: client instanceof ChromaClient,
    isNotFound: missing instanceof ChromaNotFoundError,
  };
}

run().then(
  (outcome) => show(outcome),
  (error) => show({ error: String(error), cause: String(error.cause) }),
);

function show(outcome) {
  document.querySelector("output").textContent = JSON.stringify(outcome);
}
