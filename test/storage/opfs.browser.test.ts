// OPFS has synchronous handles in a dedicated worker only: the cases run there, one by one, and
// are told here.
import { wrap } from "comlink";
import { afterAll, describe, expect, test } from "vitest";
import { contractFiles, ownershipContract, storageContract } from "./contract.ts";
import type { ContractWorker } from "./contract-worker.ts";

const worker = new Worker(new URL("./contract-worker.ts", import.meta.url), { type: "module" });
const { runCase, chosenBackend, missFile, openBesideHandle, outgrow } = wrap<ContractWorker>(worker);
afterAll(() => worker.terminate());

describe("OPFS in a worker", () => {
  for (const sentence of Object.keys({ ...storageContract, ...ownershipContract })) {
    test(sentence, () => runCase(sentence));
  }

  test("OPFS is chosen in a worker", async () => {
    expect(await chosenBackend()).toBe("opfs");
  });

  test("a file that is missing beside others is told, as often as the path is opened, and not made", async () => {
    const [lost, ...others] = contractFiles;
    const told = ["corrupt", lost];
    expect(await missFile()).toEqual({ told: [told, told], present: others });
  });

  test.each([
    ["in turn", undefined],
    ["at once", "path-locked"],
    ["gives up", "path-locked"],
  ] as const)(
    "while the worker before lets go of its files slowly, who opens %s is told %s",
    async (opener, code) => {
      expect(await openBesideHandle(opener)).toBe(code);
    },
  );

  test("no room is told as such, also where Chromium returns a number instead of throwing", async () => {
    expect(await outgrow()).toEqual({ write: "storage-full", truncate: "storage-full", size: 0 });
  });
});
