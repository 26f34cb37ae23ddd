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

test("every spelling of a page's path is one path", async () => {
  const storage = await openStorage({ path: "./spelt", files: contractFiles });
  for (const path of ["spelt", "/spelt/", "other/../spelt"]) {
    await expect(openStorage({ path, files: contractFiles })).rejects.toMatchObject({ code: "path-locked" });
  }
  await storage.destroy();
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
