import { describe, expect, test } from "vitest";
import { Crash, FaultyStorage, type FaultyOptions } from "../../worker/storage/faulty.ts";
import type { Disk } from "../../worker/storage/memory.ts";
import { contractFiles, runStorageContract, sparseContract, storageContract } from "./contract.ts";

const files = ["log", "data"];
const seeds = Array.from({ length: 300 }, (_, seed) => seed);

for (const shortTransfers of [false, true]) {
  describe(`the disk that a crash leaves, short transfers: ${shortTransfers}`, () => {
    const storages = new Map<string, FaultyStorage>();
    runStorageContract(
      "faulty",
      async (path) => {
        const disk = storages.get(path)?.crash() ?? new Map();
        const storage = new FaultyStorage({ seed: 1, files: contractFiles, disk, shortTransfers });
        storages.set(path, storage);
        return storage;
      },
      { ...storageContract, ...sparseContract },
    );
  });
}

function open(options: Partial<FaultyOptions> = {}): FaultyStorage {
  return new FaultyStorage({ seed: 1, files, ...options });
}

function bytesOf(disk: Disk, name = "log"): Uint8Array {
  return disk.get(name)!.toBytes();
}

function textOf(disk: Disk, name = "log"): string {
  return new TextDecoder().decode(bytesOf(disk, name)).replaceAll("\0", ".");
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** How many seeds leave each text, of a storage in one state. */
function fates(storage: FaultyStorage): Map<string, number> {
  const countByText = new Map<string, number>();
  for (const seed of seeds) {
    const text = textOf(storage.crash({ seed }));
    countByText.set(text, (countByText.get(text) ?? 0) + 1);
  }
  return countByText;
}

test("what was flushed is kept, whatever the seed", async () => {
  const storage = open();
  const log = storage.file("log");
  log.write(encoded("flushed"), 0);
  await log.flush();
  expect(fates(storage)).toEqual(new Map([["flushed", seeds.length]]));
});

test("what was not flushed is often lost, often kept and sometimes torn", () => {
  const storage = open();
  storage.file("log").write(encoded("unflushed"), 0);
  const left = fates(storage);
  expect(left.get("") ?? 0).toBeGreaterThan(seeds.length / 4);
  expect(left.get("unflushed") ?? 0).toBeGreaterThan(seeds.length / 4);
  expect(left.get(".........")).toBeGreaterThan(0);
  expect([...left.keys()].some((text) => /^u[nflushe]+$/.test(text))).toBe(true);
});

test("flushing one file keeps nothing of another", async () => {
  const storage = open();
  storage.file("data").write(encoded("other"), 0);
  await storage.file("data").flush();
  storage.file("log").write(encoded("this"), 0);
  expect(fates(storage).get("") ?? 0).toBeGreaterThan(0);
});

test("a later write can be kept where an earlier one is lost", () => {
  const storage = open();
  storage.file("log").write(encoded("first"), 0);
  storage.file("log").write(encoded("second"), 5);
  const left = fates(storage);
  expect(left.get(".....second") ?? 0).toBeGreaterThan(seeds.length / 20);
  expect(left.get("first") ?? 0).toBeGreaterThan(seeds.length / 20);
});

test("an overwrite and a truncate that are not flushed can be undone", async () => {
  const storage = open();
  const log = storage.file("log");
  log.write(encoded("before"), 0);
  await log.flush();
  log.write(encoded("after!"), 0);
  log.truncate(5);
  const left = fates(storage);
  for (const text of ["before", "after!", "after", "befor"]) expect(left.get(text) ?? 0).toBeGreaterThan(0);
});

test("a large write is torn by sectors, in any order", () => {
  const storage = open();
  storage.file("log").write(new Uint8Array(4_096).fill(1), 100);
  const outOfOrder = seeds.filter((seed) => {
    const bytes = bytesOf(storage.crash({ seed }));
    const firstLost = bytes.indexOf(0, 100);
    return firstLost !== -1 && bytes.includes(1, firstLost);
  });
  expect(outOfOrder.length).toBeGreaterThan(0);
});

/** Two files, overwrites, a cut and flushes in between: fourteen calls or more. */
async function workload(storage: FaultyStorage): Promise<void> {
  for (let round = 0; round < 4; round++) {
    storage.file("data").write(new Uint8Array(2_000).fill(round + 1), round * 1_500);
    if (round % 2 === 1) await storage.file("data").flush();
    storage.file("log").write(encoded(`round ${round};`), storage.file("log").size());
    await storage.file("log").flush();
  }
  storage.file("log").truncate(3);
}

test("the same seed and calls leave the same disk; another seed another one", async () => {
  const [first, second] = [open({ seed: 5 }), open({ seed: 5 })];
  for (const storage of [first, second]) {
    await workload(storage);
    storage.file("data").write(new Uint8Array(9_000).fill(9), 0);
  }
  expect(bytesOf(first.crash(), "data")).toEqual(bytesOf(second.crash(), "data"));
  const different = new Set(seeds.map((seed) => bytesOf(first.crash({ seed }), "data").join("")));
  expect(different.size).toBeGreaterThan(10);
});

test("stopping at a call throws from it on, and is what the history of one run has for that call", async () => {
  const whole = open({ history: true });
  await workload(whole);
  expect(whole.calls).toBeGreaterThanOrEqual(11);
  for (const backwards of [false, true]) {
    for (let index = 1; index <= whole.calls; index++) {
      const call = backwards ? whole.calls + 1 - index : index;
      const stopped = open({ faults: { [call]: "stop" } });
      await expect(workload(stopped)).rejects.toThrow(Crash);
      expect(stopped.stopped).toBe(true);
      expect(stopped.calls).toBe(call);
      expect(() => stopped.file("log").size()).toThrow(Crash);
      expect(() => stopped.file("log").write(encoded("x"), 0)).toThrow(Crash);
      await expect(stopped.file("log").flush()).rejects.toThrow(Crash);
      for (const name of files) {
        expect(bytesOf(whole.crash({ call }), name)).toEqual(bytesOf(stopped.crash(), name));
      }
    }
  }
});

test("a stop inside a flush may leave it done or not", async () => {
  const storage = open({ faults: { 2: "stop" } });
  storage.file("log").write(encoded("frame"), 0);
  await expect(storage.file("log").flush()).rejects.toThrow(Crash);
  expect(fates(storage).get("frame")).toBeGreaterThan(0);
  expect(fates(storage).get("")).toBeGreaterThan(0);
});

test("going back needs history and a call that was made", async () => {
  const storage = open();
  await workload(storage);
  expect(() => storage.crash({ call: 1 })).toThrow(RangeError);
  const remembering = open({ history: true });
  expect(() => remembering.crash({ call: 1 })).toThrow(RangeError);
});

test("crash after crash: what any generation flushed stays", async () => {
  for (const seed of seeds.slice(0, 50)) {
    let disk: Disk = new Map();
    let flushed = "";
    for (let generation = 0; generation < 6; generation++) {
      const storage = open({ seed: seed * 10 + generation, disk });
      const log = storage.file("log");
      log.truncate(flushed.length);
      log.write(encoded(`${generation}`), flushed.length);
      await log.flush();
      flushed += generation;
      log.write(encoded("unflushed"), flushed.length);
      disk = storage.crash();
      expect(textOf(disk).slice(0, flushed.length)).toBe(flushed);
    }
  }
});

test("a disk that storages were opened from stays as it was", async () => {
  const first = open();
  first.file("log").write(encoded("old"), 0);
  await first.file("log").flush();
  const disk = first.crash();
  const second = open({ disk });
  expect(second.created).toBe(false);
  second.file("log").write(encoded("new"), 0);
  await second.file("log").flush();
  expect(textOf(disk)).toBe("old");
  expect(textOf(second.crash())).toBe("new");
});

test("a write into a full storage fails by its code, with a part done, and can be undone", () => {
  for (const seed of seeds) {
    const storage = open({ seed, faults: { 2: "full" } });
    const log = storage.file("log");
    log.write(encoded("ok"), 0);
    expect(() => log.write(encoded("part"), 2)).toThrow(expect.objectContaining({ code: "storage-full" }));
    expect(log.size()).toBeLessThan(6);
    log.truncate(2);
    log.write(encoded("!"), 2);
    expect(log.size()).toBe(3);
    expect(storage.stopped).toBe(false);
  }
});

test("a capacity counts all files, takes what fits and lets overwrites through", () => {
  const storage = open({ capacityBytes: 10 });
  const full = expect.objectContaining({ code: "storage-full" });
  storage.file("data").write(encoded("12345678"), 0);
  expect(() => storage.file("log").write(encoded("abc"), 0)).toThrow(full);
  expect(storage.file("log").size()).toBe(2);
  expect(() => storage.file("log").truncate(3)).toThrow(full);
  storage.file("data").write(encoded("87654321"), 0);
  storage.file("data").truncate(4);
  storage.file("log").write(encoded("abc"), 0);
  expect(storage.file("log").size()).toBe(3);
});

test("a lost storage tells so, and the call did nothing", async () => {
  const storage = open({ faults: { 1: "lost", 2: "lost" } });
  const lost = expect.objectContaining({ code: "storage-lost" });
  expect(() => storage.file("log").write(encoded("x"), 0)).toThrow(lost);
  expect(() => storage.file("log").truncate(9)).toThrow(lost);
  expect(storage.file("log").size()).toBe(0);
});

test("a flush that fails keeps what the seed says, and the file is not believed again", async () => {
  const left = new Set<string>();
  for (const seed of seeds) {
    const storage = open({ seed, faults: { 2: "full" } });
    storage.file("log").write(encoded("frame"), 0);
    await expect(storage.file("log").flush()).rejects.toMatchObject({ code: "storage-full" });
    await expect(storage.file("log").flush()).rejects.toMatchObject({ code: "storage-full" });
    left.add(textOf(storage.crash()));
  }
  expect(left).toContain("frame");
  expect(left).toContain("");
});

test("calls and bytes are counted", async () => {
  const storage = open();
  storage.file("log").write(new Uint8Array(100), 0);
  storage.file("data").write(new Uint8Array(50), 10);
  storage.file("log").truncate(80);
  await storage.file("log").flush();
  storage.file("log").read(new Uint8Array(200), 0);
  expect(storage.calls).toBe(4);
  expect(storage.counts).toEqual({
    writes: 2,
    truncates: 1,
    flushes: 1,
    reads: 2,
    bytesWritten: 150,
    bytesRead: 80,
  });
});

describe("what it is for", () => {
  /** A value under a root: the value is written, then the root that says it is there. */
  async function commit(
    storage: FaultyStorage,
    skipped: "nothing" | "data flush" | "root flush",
  ): Promise<void> {
    storage.file("data").write(encoded("value"), 0);
    if (skipped !== "data flush") await storage.file("data").flush();
    storage.file("data").write(encoded("root"), 5);
    if (skipped !== "root flush") await storage.file("data").flush();
  }

  /** Crashes at every call and once it is acknowledged; counts the broken promises. */
  async function broken(skipped: "nothing" | "data flush" | "root flush"): Promise<number> {
    const storage = open({ history: true });
    await commit(storage, skipped);
    let count = 0;
    for (const seed of seeds) {
      if (textOf(storage.crash({ seed }), "data") !== "valueroot") count++;
      for (let call = 1; call <= storage.calls; call++) {
        if (/^(?!value).*root$/.test(textOf(storage.crash({ call, seed }), "data"))) count++;
      }
    }
    return count;
  }

  test("an order that is right is never caught, and a flush left out is, by many seeds", async () => {
    expect(await broken("nothing")).toBe(0);
    expect(await broken("data flush")).toBeGreaterThan(seeds.length / 20);
    expect(await broken("root flush")).toBeGreaterThan(seeds.length / 4);
  });
});
