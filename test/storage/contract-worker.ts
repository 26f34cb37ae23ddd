// Runs cases of the storage contract over OPFS for `opfs.browser.test.ts`.
import { expose } from "comlink";
import { promisifyRequest } from "idb-keyval";
import { Failure } from "../../src/protocol/failure.ts";
import { openStorage } from "../../worker/storage/open-storage.ts";
import type { Backend } from "../../worker/storage/storage.ts";
import { contractFiles, ownershipContract, runContractCase, storageContract } from "./contract.ts";

/** Three times what a handle is tried for by who did not wait for its turn. */
const handleKeptMs = 1500;

/** More than a browser grants, and less than the largest file of ext4: past that Firefox gives no reason. */
const beyondQuota = 2 ** 43;

const contractWorker = {
  /** Rejects with what the case's expectation says. */
  runCase(sentence: string): Promise<void> {
    return runContractCase({ ...storageContract, ...ownershipContract }, sentence, (path) =>
      openStorage({ backend: "opfs", path, files: contractFiles }),
    );
  },

  async chosenBackend(): Promise<Backend> {
    const storage = await openStorage({ path: "chosen", files: contractFiles });
    await storage.destroy();
    return storage.backend;
  },

  /** Opens a path twice that has bytes in one file and not the next; resolves with what is told, and what is there. */
  async missFile(): Promise<{ told: unknown[]; present: string[] }> {
    const place = { backend: "opfs", path: "missed", files: contractFiles } as const;
    const storage = await openStorage(place);
    const [lost, kept] = contractFiles;
    storage.file(kept).write(Uint8Array.of(1), 0);
    await storage.file(kept).flush();
    await storage.close();
    // A path without a journal: its first minute is over.
    await promisifyRequest(indexedDB.deleteDatabase("chromalite-new:missed"));
    const origin = await navigator.storage.getDirectory();
    const directory = await (await origin.getDirectoryHandle("chromalite")).getDirectoryHandle("missed");
    await directory.removeEntry(lost);
    const told: unknown[] = [];
    for (let opening = 0; opening < 2; opening++) {
      const failure: unknown = await openStorage(place).catch((error: unknown) => error);
      told.push(failure instanceof Failure ? [failure.code, failure.details["file"]] : String(failure));
    }
    const present: string[] = [];
    for (const file of contractFiles) {
      if (await directory.getFileHandle(file).catch(() => undefined)) present.push(file);
    }
    return { told, present };
  },

  /**
   * Opens a path while somebody keeps a handle of one of its files: the worker that led, which is dying. It lets go
   * when its handle was asked for long after the first time.
   * @returns  the code of the failure; undefined where the path is open
   */
  async openBesideHandle(opener: "in turn" | "at once" | "gives up"): Promise<string | undefined> {
    const place = {
      backend: "opfs",
      path: `held-${opener.replace(" ", "-")}`,
      files: contractFiles,
    } as const;
    await (await openStorage(place)).close();
    const origin = await navigator.storage.getDirectory();
    const parent = await origin.getDirectoryHandle("chromalite");
    const file = await (await parent.getDirectoryHandle(place.path)).getFileHandle(contractFiles[0]);
    const { createSyncAccessHandle } = FileSystemFileHandle.prototype as unknown as HandleMaker;
    const held = await createSyncAccessHandle.call(file);
    const leaving = new AbortController();
    const start = performance.now();
    const asking: HandleMaker = {
      createSyncAccessHandle() {
        if (opener === "gives up") leaving.abort();
        if (opener === "in turn" && performance.now() - start > handleKeptMs) held.close();
        return createSyncAccessHandle.call(this);
      },
    };
    Object.assign(FileSystemFileHandle.prototype, asking);
    try {
      const wait = opener === "at once" ? undefined : { signal: leaving.signal, onWait: () => undefined };
      const storage = await openStorage({ ...place, wait });
      await storage.destroy();
      return undefined;
    } catch (error) {
      return error instanceof Failure ? error.code : String(error);
    } finally {
      held.close();
      Object.assign(FileSystemFileHandle.prototype, { createSyncAccessHandle });
    }
  },

  /** Writes and truncates where no disk has room; resolves with the codes of the failures and the size left. */
  async outgrow(): Promise<{ write: string | undefined; truncate: string | undefined; size: number }> {
    const storage = await openStorage({ backend: "opfs", path: "outgrown", files: contractFiles });
    const file = storage.file("data");
    const write = codeOf(() => file.write(new Uint8Array(100), beyondQuota));
    const truncate = codeOf(() => file.truncate(beyondQuota));
    const size = file.size();
    await storage.destroy();
    return { write, truncate, size };
  },
};

/** A page's types lack it, as pages do. */
interface HandleMaker {
  readonly createSyncAccessHandle: (this: unknown) => Promise<{ close(): void }>;
}

function codeOf(run: () => void): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof Failure ? error.code : String(error);
  }
}

export type ContractWorker = typeof contractWorker;

expose(contractWorker);
