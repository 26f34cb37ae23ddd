import "fake-indexeddb/auto";
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
