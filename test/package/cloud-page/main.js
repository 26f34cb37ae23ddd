// A page that talks to Chroma Cloud, or to what stands in for it: its address is in the query. Writes what
// it did into the page, as JSON.
import { AdminClient, CloudClient, HttpClient } from "./dist/chromalite.js";

const host = new URLSearchParams(location.search).get("cloud");
const refusal = (promise) => promise.then(String, ({ name, message }) => ({ name, message }));

async function run() {
  const client = new CloudClient({ apiKey: "ck-one", host });
  const notes = await client.getOrCreateCollection({ name: "page", embeddingFunction: null });
  await notes.upsert({ ids: ["a", "b"], embeddings: [new Float32Array([1, 2]), [3, 4]] });
  const { ids } = await notes.query({ queryEmbeddings: new Float32Array([3, 4]), nResults: 1 });
  const databases = await new AdminClient(client).listDatabases({ tenant: client.tenant });
  const headers = { "x-chroma-token": "ck-one" };
  return {
    ids,
    scope: [client.tenant, client.database],
    databases: databases.map(({ name }) => name),
    overHttp: await new HttpClient({ host, headers }).countCollections(),
    several: await refusal(new CloudClient({ apiKey: "ck-several", host }).listCollections()),
    unknown: await refusal(new CloudClient({ apiKey: "ck-unknown", host }).listCollections()),
    revoked: await refusal(new CloudClient({ apiKey: "ck-revoked", host }).listCollections()),
    none: await refusal(new Promise(() => new CloudClient({ host }))),
  };
}

run().then(
  (outcome) => show(outcome),
  (error) => show({ error: String(error), cause: String(error.cause) }),
);

function show(outcome) {
  document.querySelector("output").textContent = JSON.stringify(outcome);
}
