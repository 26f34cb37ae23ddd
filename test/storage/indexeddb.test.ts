import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { CheckedStorage } from "../../worker/storage/checked-storage.ts";
import { openIndexedDb } from "../../worker/storage/indexeddb.ts";
import { openStorage } from "../../worker/storage/open-storage.ts";
import {
  contractFiles,
  ownershipContract,
  runStorageContract,
  sparseContract,
  storageContract,
} from "./contract.ts";

runStorageContract(
  "fake IndexedDB",
  (path) => openStorage({ backend: "indexeddb", path, files: contractFiles }),
  { ...storageContract, ...sparseContract, ...ownershipContract },
);

test("an owner that another has followed writes nothing any more, and is told that its storage is lost", async () => {
  const open = async () => new CheckedStorage(await openIndexedDb("two-epochs", contractFiles));
  const [name] = contractFiles;
  const bytes = (text: string) => new TextEncoder().encode(text);
  const first = await open();
  first.file(name).write(bytes("flushed"), 0);
  await first.file(name).flush();
  first.file(name).write(bytes("FLUSHED"), 0);
  const second = await open();
  await expect(first.file(name).flush()).rejects.toMatchObject({ code: "storage-lost" });
  second.file(name).write(bytes("!"), 7);
  await second.file(name).flush();
  await Promise.all([first.close(), second.close()]);
  const third = await open();
  const found = new Uint8Array(8);
  third.file(name).read(found, 0);
  expect(new TextDecoder().decode(found)).toBe("flushed!");
  await third.close();
});
