import { expect, test } from "vitest";
import { openStorage } from "../../worker/storage/open-storage.ts";
import {
  contractFiles,
  ownershipContract,
  runStorageContract,
  sparseContract,
  storageContract,
} from "./contract.ts";

runStorageContract(
  "IndexedDB on the page's thread",
  (path) => openStorage({ backend: "indexeddb", path, files: contractFiles }),
  { ...storageContract, ...sparseContract, ...ownershipContract },
);

test("a page has no synchronous handles, so IndexedDB is chosen", async () => {
  const storage = await openStorage({ path: "chosen", files: contractFiles });
  expect(storage.backend).toBe("indexeddb");
  await storage.destroy();
});

test("OPFS asked for by name is refused on a page's thread, with the reason", async () => {
  await expect(openStorage({ backend: "opfs", path: "asked", files: contractFiles })).rejects.toMatchObject({
    code: "storage-unavailable",
    message: expect.stringContaining("expected a dedicated worker"),
  });
});

test("every spelling of a page's path is one path", async () => {
  const storage = await openStorage({ path: "./spelt", files: contractFiles });
  const others = ["spelt", "/spelt/", "other/../spelt"].map((path) =>
    openStorage({ path, files: contractFiles }),
  );
  for (const outcome of await Promise.allSettled(others)) {
    expect(outcome).toMatchObject({ status: "rejected", reason: { code: "path-locked" } });
  }
  await storage.destroy();
});

test("a path is waited for while its owner is about to go, as after a reload", async () => {
  const first = await openStorage({ path: "handed-over", files: contractFiles });
  const second = openStorage({ path: "handed-over", files: contractFiles });
  await first.close();
  await (await second).destroy();
});

test("a database that the browser closes is told as lost", async () => {
  const storage = await openStorage({ path: "taken-away", files: contractFiles });
  const file = storage.file("data");
  file.write(new Uint8Array(10), 0);
  const { promise, resolve } = deferred();
  const deletion = indexedDB.deleteDatabase("chromalite:taken-away");
  deletion.onsuccess = resolve;
  await promise;
  await expect(file.flush()).rejects.toMatchObject({ code: "storage-lost" });
  await storage.close();
});

function deferred(): { promise: Promise<unknown>; resolve: (value: unknown) => void } {
  let resolve = (_value: unknown): void => {};
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
