// The package's entry for Service Workers: Chroma's REST API for the pages of a site, with no server and no
// network. Both functions are called while the Service Worker's script is first evaluated.

import { canonicalPrefix } from "../src/protocol/engine-offer.ts";
import { answerApi } from "./answer-api.ts";
import { giveWayToTabs } from "./give-way.ts";
import { KeptFiles } from "./kept-files.ts";
import { recordsLoader } from "./load-records.ts";
import { openEngine } from "./open-engine.ts";
import type { ForwardOptions, ServeOptions } from "./options.ts";
import { OwnEngine } from "./own-engine.ts";
import { filesBuild, packageFiles } from "./package-files.ts";
import { PagesEngine } from "./pages-engine.ts";
import { serviceWorkerScope } from "./scope.ts";

export type { ForwardOptions, ServeOptions } from "./options.ts";

/**
 * Answers requests for Chroma's API from an engine inside the Service Worker, on IndexedDB.
 *
 * A write is answered when it is durable. Browsers end a Service Worker when it is idle, some at any time:
 * the next request opens the path again. The wasm files are kept when the Service Worker installs.
 *
 * Cost: IndexedDB's files are mirrored in memory, and read whole when the path opens.
 *
 * @throws {Error}  outside a Service Worker
 */
export function serveChroma({
  path = "./chroma",
  prefix,
  allowReset = false,
  wasmUrl,
}: ServeOptions = {}): void {
  const scope = serviceWorkerScope();
  const folder = wasmUrl === undefined ? undefined : folderUrl(wasmUrl, scope.location.href);
  const files = new KeptFiles(scope.registration.scope, filesBuild, packageFiles(folder));
  const loadRecords = recordsLoader(files);
  const engine = new OwnEngine(() => openEngine(path, { allowReset }, loadRecords));
  scope.addEventListener("install", (event) => event.waitUntil(files.keepAll()));
  scope.addEventListener("activate", (event) => event.waitUntil(files.removeOld()));
  giveWayToTabs(path, engine);
  answerApi(scope, engine, prefix);
}

/**
 * Answers requests for Chroma's API by asking a page that has called `connectServiceWorker(client)`; while
 * there is none, with status 503.
 *
 * @throws {Error}  outside a Service Worker
 */
export function forwardChroma({ prefix }: ForwardOptions = {}): void {
  const scope = serviceWorkerScope();
  answerApi(scope, new PagesEngine(scope.clients, canonicalPrefix(prefix ?? "")), prefix);
}

/** Absolute, and with the slash that makes it a folder. */
function folderUrl(url: string | URL, base: string): string {
  const { href } = new URL(url, base);
  return href.endsWith("/") ? href : `${href}/`;
}
