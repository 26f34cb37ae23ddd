// A new version of the Service Worker opens the path that the old one has open. The old one is told that it
// is replaced, and lets go.

import type { Transport } from "../src/protocol/operation.ts";
import type { ServiceWorkerScope } from "./scope.ts";

/** Closes `transport` once another version of this Service Worker is active. */
export function releaseWhenReplaced({ serviceWorker }: ServiceWorkerScope, transport: Transport): void {
  serviceWorker?.addEventListener("statechange", () => {
    if (serviceWorker.state === "redundant") void transport.close();
  });
}
