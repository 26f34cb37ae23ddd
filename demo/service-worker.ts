// Keeps the whole page for use without a network: every file of one build, under that build's name.
// Answers from there first. A new build waits until no tab uses the old one, so a page never gets files
// of two builds.

interface Precache {
  version: string;
  /** Paths relative to the Service Worker. */
  files: string[];
}

/** The little of a Service Worker's scope that is used here; TypeScript's own types exclude the page's. */
interface Scope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: "install" | "activate", listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void;
}
interface ExtendableEvent {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

// The build puts the list here: see precache-plugin.ts.
declare const __PRECACHE__: Precache;
const { version, files } = __PRECACHE__;

const scope = globalThis as unknown as Scope;
const prefix = "chromalite-demo-";
const cacheName = prefix + version;
const page = "index.html";

const addressOf = (file: string): string => new URL(file, scope.registration.scope).href;

scope.addEventListener("install", (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(files.map(addressOf))));
});

scope.addEventListener("activate", (event) => {
  event.waitUntil(removeOldCaches().then(() => scope.clients.claim()));
});

scope.addEventListener("fetch", (event) => {
  if (event.request.method === "GET") event.respondWith(answer(event.request));
});

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(request, { ignoreSearch: true });
  if (kept) return kept;
  const start = request.mode === "navigate" ? await cache.match(addressOf(page)) : undefined;
  return start ?? fetch(request);
}

async function removeOldCaches(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(prefix) && name !== cacheName);
  await Promise.all(old.map((name) => caches.delete(name)));
}
