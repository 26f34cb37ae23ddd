// Where the records lie, how much room they take, and whether the browser has promised to keep them.

import type { ClientStorage } from "chromalite";
import { mustFind } from "./element.ts";
import { formatBytes } from "./quantity.ts";

const nameByBackend: Readonly<Record<string, string>> = {
  opfs: "OPFS",
  indexeddb: "IndexedDB",
  memory: "Memory only",
  node: "Disk",
};

export class StorageLine {
  readonly #text = mustFind("storage-text", HTMLSpanElement);
  readonly #button = mustFind("persist-button", HTMLButtonElement);
  #storage: ClientStorage | undefined;
  #answer = "";
  #isOffline = false;

  constructor() {
    this.#button.addEventListener("click", () => void this.#askToPersist());
  }

  setStorage(storage: ClientStorage): void {
    this.#storage = storage;
  }

  /** The page itself is kept, too. */
  setOffline(): void {
    this.#isOffline = true;
    void this.refresh();
  }

  async refresh(): Promise<void> {
    if (!this.#storage) return;
    try {
      const { backend, bytesUsed, persisted } = await this.#storage.info();
      const promise = persisted ? "persistent" : this.#answer || "not persistent";
      const facts = [nameByBackend[backend] ?? backend, formatBytes(bytesUsed), promise];
      this.#text.textContent = [...facts, ...(this.#isOffline ? ["works offline"] : [])].join(" · ");
      this.#button.hidden = persisted;
    } catch {
      // Whatever stopped the engine is told where it was noticed; here only the figures are missing.
      this.#text.textContent = "Storage not open";
      this.#button.hidden = true;
    }
  }

  async #askToPersist(): Promise<void> {
    if (!this.#storage) return;
    const isGranted = await this.#storage.persist();
    this.#answer = isGranted ? "" : "the browser declined to persist";
    await this.refresh();
  }
}
