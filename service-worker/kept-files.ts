// The wasm files, kept by the Service Worker so that its engine starts without a network. Files of one
// build are in one cache: while a new version installs, the old one goes on with its own.

/** A file that the engine needs, by its name in the package. */
export type KeptFileName = "hnsw.wasm" | "hnsw-relaxed.wasm" | "sql-wasm.wasm";

export class KeptFiles {
  readonly #cacheStart: string;
  readonly #cacheName: string;
  readonly #urlByName: Readonly<Record<KeptFileName, URL>>;

  /**
   * @param scope  of the Service Worker: others of the origin have caches of their own
   * @param build  names the files' bytes
   */
  constructor(scope: string, build: string, urlByName: Readonly<Record<KeptFileName, URL>>) {
    this.#cacheStart = `chromalite:${scope}:`;
    this.#cacheName = this.#cacheStart + build;
    this.#urlByName = urlByName;
  }

  /**
   * Fetches what is not kept yet: when the Service Worker installs.
   * @throws {Error}  a file is not there; the Service Worker should not be installed then
   */
  async keepAll(): Promise<void> {
    const names = Object.keys(this.#urlByName) as KeptFileName[];
    await Promise.all(names.map((name) => this.#mustGet(name)));
  }

  /** Removes what versions before this one kept: when the Service Worker activates. */
  async removeOld(): Promise<void> {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith(this.#cacheStart) && name !== this.#cacheName);
    await Promise.all(old.map((name) => caches.delete(name)));
  }

  /** @throws {Error}  it is neither kept nor to be reached; the message names it */
  async read(name: KeptFileName): Promise<ArrayBuffer> {
    const response = await this.#mustGet(name);
    return response.arrayBuffer();
  }

  async #mustGet(name: KeptFileName): Promise<Response> {
    const cache = await caches.open(this.#cacheName);
    const url = this.#urlByName[name];
    const kept = await cache.match(url);
    if (kept) return kept;
    // The browser's own cache may still have the file of the build before.
    const response = await fetch(url, { cache: "no-cache" });
    if (!response.ok) throw new Error(`${url.href}: ${response.status} ${response.statusText}`);
    await cache.put(url, response.clone());
    return response;
  }
}
