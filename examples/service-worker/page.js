// The page. All it knows of Chroma is the official client and an address: its own.

import { ChromaClient } from "./chromalite/chromalite.js";
import { StaticEnglishEmbeddingFunction } from "./chromalite/embed.js";

const [text, wanted, status, list] = ["text", "wanted", "status", "notes"].map((id) =>
  document.getElementById(id),
);

/** Resolves once the Service Worker answers this page's requests: at the first visit it has to start. */
async function serviceWorker() {
  await navigator.serviceWorker.register("./service-worker.js", { type: "module" });
  if (navigator.serviceWorker.controller) return;
  await new Promise((controlled) => {
    navigator.serviceWorker.addEventListener("controllerchange", controlled, { once: true });
  });
}

async function openNotes() {
  await serviceWorker();
  const { hostname, port, protocol } = location;
  const ssl = protocol === "https:";
  const client = new ChromaClient({ host: hostname, port: Number(port) || (ssl ? 443 : 80), ssl });
  const embeddingFunction = new StaticEnglishEmbeddingFunction();
  return client.getOrCreateCollection({ name: "notes", embeddingFunction });
}

async function show() {
  const { documents } = await (await notes).get();
  fill(documents);
  status.textContent = `${documents.length} ${documents.length === 1 ? "note" : "notes"}`;
}

async function add() {
  await (await notes).add({ ids: [crypto.randomUUID()], documents: [text.value] });
  text.value = "";
  await show();
}

async function find() {
  const { documents } = await (await notes).query({ queryTexts: [wanted.value], nResults: 3 });
  fill(documents[0]);
  status.textContent = `Nearest to "${wanted.value}"`;
}

function fill(documents) {
  const items = documents.map((document_) =>
    Object.assign(document.createElement("li"), { textContent: document_ }),
  );
  list.replaceChildren(...items);
}

/** What goes wrong is said where the person looks. */
function run(action) {
  return (event) => {
    event?.preventDefault();
    action().catch((error) => {
      status.textContent = error.message;
    });
  };
}

const notes = openNotes();
document.getElementById("add").addEventListener("submit", run(add));
document.getElementById("find").addEventListener("submit", run(find));
run(show)();
