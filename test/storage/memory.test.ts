import { CheckedStorage } from "../../worker/storage/checked-storage.ts";
import { openMemory, type Disk } from "../../worker/storage/memory.ts";
import { contractFiles, runStorageContract, sparseContract, storageContract } from "./contract.ts";

const disks = new Map<string, Disk>();

runStorageContract(
  "memory",
  async (path) => {
    const disk = disks.get(path) ?? new Map();
    disks.set(path, disk);
    return new CheckedStorage(openMemory(contractFiles, disk));
  },
  { ...storageContract, ...sparseContract },
);
