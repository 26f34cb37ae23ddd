// Fetch events for the API → the router; every other request is left to the browser.

import { createApi } from "../http/api.ts";
import { canonicalPrefix } from "../src/protocol/engine-offer.ts";
import type { Transport } from "../src/protocol/operation.ts";
import { getApiPath } from "./api-path.ts";
import type { ServiceWorkerScope } from "./scope.ts";

/** @param prefix  of the API's path; the origin and the Service Worker's scope when absent */
export function answerApi(scope: ServiceWorkerScope, transport: Transport, prefix: string | undefined): void {
  const api = createApi(transport);
  const { origin } = scope.location;
  const scopePath = new URL(scope.registration.scope).pathname;
  const prefixes = (prefix === undefined ? ["", scopePath] : [prefix]).map(canonicalPrefix);
  scope.addEventListener("fetch", (event) => {
    const url = new URL(event.request.url);
    const path = getApiPath(url, origin, prefixes);
    if (path === undefined) return;
    // Until it settles the Service Worker stays alive, though the page that asks may be gone: a write ends.
    event.respondWith(answer(event.request, new URL(path + url.search, origin)));
  });

  async function answer(request: Request, url: URL): Promise<Response> {
    const { method, headers } = request;
    const hasBody = method !== "GET" && method !== "HEAD";
    // Firefox has no streams of a request's body, so a request with another URL gets its bytes.
    const body = hasBody ? { body: await request.arrayBuffer() } : {};
    return api.fetch(new Request(url, { method, headers, ...body }));
  }
}
