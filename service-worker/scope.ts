// The little of a Service Worker's global scope that is used here. TypeScript's own types exclude those of
// the page, and tests see both.

/** @see https://w3c.github.io/ServiceWorker/#serviceworkerglobalscope-interface */
export interface ServiceWorkerScope {
  readonly location: { readonly origin: string; readonly href: string };
  readonly registration: { readonly scope: string };
  readonly clients: Windows;
  addEventListener(type: "install" | "activate", listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void;
}

export interface ExtendableEvent {
  waitUntil(work: Promise<unknown>): void;
}

export interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

/** The windows of the origin. */
export interface Windows {
  matchAll(options: { type: "window"; includeUncontrolled: true }): Promise<readonly Window[]>;
}

interface Window {
  postMessage(message: unknown, transfer: Transferable[]): void;
}

/** @throws {Error}  outside a Service Worker */
export function serviceWorkerScope(): ServiceWorkerScope {
  const scope = globalThis as unknown as Partial<ServiceWorkerScope>;
  if (!scope.registration || !scope.clients) {
    throw new Error("expected to run in a Service Worker, while its script is first evaluated");
  }
  return scope as ServiceWorkerScope;
}
