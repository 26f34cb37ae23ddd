// Runs cases of the storage contract over OPFS for `opfs.browser.test.ts`.
import { expose } from "comlink";
import { Failure } from "../../src/protocol/failure.ts";
import { openStorage } from "../../worker/storage/open-storage.ts";
import type { Backend } from "../../worker/storage/storage.ts";
import { contractFiles, ownershipContract, runContractCase, storageContract } from "./contract.ts";

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
