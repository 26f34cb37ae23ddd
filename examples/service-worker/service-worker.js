// The Service Worker: Chroma's API for the page, and the page itself for when there is no network.

import { serveChroma } from "./chromalite/service-worker.js";

// First, so that requests for the API are answered by it and reach no listener below.
serveChroma({ path: "notes" });

const cacheName = "notes-page-1";
const files = [
  "./",
  "./page.js",
  "./style.css",
  "./chromalite/chromalite.js",
  "./chromalite/embed.js",
  "./chromalite/english.bin",
];

addEventListener("install", (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(files)));
});

addEventListener("activate", (event) => {
  event.waitUntil(clients.claim());
});

addEventListener("fetch", (event) => {
  if (event.request.method === "GET") event.respondWith(answer(event.request));
});

async function answer(request) {
  const cache = await caches.open(cacheName);
  return (await cache.match(request)) ?? fetch(request);
}
