// A client's engine for the Service Worker of its page, which answers plain HTTP clients with it.
// The Service Worker's half is `forwardChroma` of chromalite/service-worker.

import { canonicalPrefix, type ServiceWorkerOffer } from "../protocol/engine-offer.ts";
import { Failure } from "../protocol/failure.ts";
import { toClientError } from "../transport/error-codec.ts";
import { offerTransport } from "../transport/offer-transport.ts";
import { transportOf, type LocalClient } from "./local-client.ts";

export interface ConnectOptions {
  /** The prefix that the Service Worker gave to `forwardChroma`. */
  prefix?: string;
}

/**
 * Offers the engine of `client` to Service Workers of this origin that call `forwardChroma`, until the
 * offer or the client is closed. A Service Worker that was ended asks again by itself, and one whose page
 * is gone asks the other pages.
 *
 * @throws {ChromaliteError}  "worker-start": this page has no Service Workers or no Web Locks; both need
 *     https or localhost
 */
export function connectServiceWorker(
  client: LocalClient,
  { prefix = "" }: ConnectOptions = {},
): ServiceWorkerOffer {
  return offerTransport(transportOf(client), canonicalPrefix(prefix), serviceWorkerContainer());
}

function serviceWorkerContainer(): ServiceWorkerContainer {
  const { serviceWorker, locks } = globalThis.navigator as Partial<Navigator>;
  if (serviceWorker && locks) return serviceWorker;
  throw toClientError(
    new Failure(
      "worker-start",
      "This page has no Service Workers: expected a secure context (https or localhost)",
    ),
  );
}
