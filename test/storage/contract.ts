// The contract of `worker/storage/storage.ts` in code. Every backend runs it; a backend that passes
// is one the engine can use. The cases import nothing of a runner but `expect`, which also works in a
// worker of its own: that is where OPFS has its synchronous handles.

import { expect, describe, test } from "vitest";
import type { Storage } from "../../worker/storage/storage.ts";

export const contractFiles = ["log-0", "log-1", "data"] as const;

/** Opens the storage of a path with `contractFiles`; the same bytes each time. */
export type OpenAt = (path: string) => Promise<Storage>;

/** Behaviour by its sentence. `open` opens one path, which no other case has. */
export type Contract = Readonly<Record<string, (open: () => Promise<Storage>) => Promise<void>>>;

/** A test for each sentence of the contract. */
export function runStorageContract(name: string, openAt: OpenAt, contract: Contract = storageContract): void {
  describe(name, () => {
    for (const sentence of Object.keys(contract)) {
      test(sentence, () => runContractCase(contract, sentence, openAt));
    }
  });
}

export async function runContractCase(contract: Contract, sentence: string, openAt: OpenAt): Promise<void> {
  const path = `contract-${crypto.randomUUID()}`;
  const opened: Storage[] = [];
  try {
    await contract[sentence]!(async () => {
      const storage = await openAt(path);
      opened.push(storage);
      return storage;
    });
  } finally {
    for (const storage of opened) await storage.close();
  }
}

/** What every storage does. */
export const storageContract: Contract = {
  "creates its files empty, and says so the first time": async (open) => {
    const storage = await open();
    expect(storage.created).toBe(true);
    for (const name of contractFiles) {
      expect(storage.file(name).name).toBe(name);
      expect(storage.file(name).size()).toBe(0);
    }
    await storage.close();
    expect((await open()).created).toBe(false);
  },

  "has the files it was opened with and no others": async (open) => {
    const storage = await open();
    expect(() => storage.file("other")).toThrow(RangeError);
  },

  "reads its own writes before any flush": async (open) => {
    const file = (await open()).file("data");
    file.write(bytes(100, 1), 0);
    file.write(bytes(100, 2), 50);
    expect(file.size()).toBe(150);
    expectBytes(readAll(file), joined(bytes(50, 1), bytes(100, 2)));
  },

  "does not keep the source of a write": async (open) => {
    const file = (await open()).file("data");
    const source = bytes(10, 1);
    file.write(source, 0);
    source.fill(9);
    expectBytes(readAll(file), bytes(10, 1));
  },

  "writes and reads a view in the middle of a buffer": async (open) => {
    const file = (await open()).file("data");
    const buffer = bytes(64, 3);
    file.write(buffer.subarray(16, 32), 0);
    const target = new Uint8Array(48);
    expect(file.read(target.subarray(8, 24), 0)).toBe(16);
    expect(target).toEqual(joined(new Uint8Array(8), buffer.subarray(16, 32), new Uint8Array(24)));
  },

  "reads a gap before a write as zeros": async (open) => {
    const file = (await open()).file("data");
    file.write(bytes(3, 1), 0);
    file.write(bytes(3, 2), 100_000);
    expect(file.size()).toBe(100_003);
    expectBytes(readAll(file), joined(bytes(3, 1), new Uint8Array(99_997), bytes(3, 2)));
  },

  "reads to the end of the file and tells how much that was": async (open) => {
    const file = (await open()).file("data");
    file.write(bytes(10, 1), 0);
    const target = new Uint8Array(8).fill(7);
    expect(file.read(target, 6)).toBe(4);
    expect(target).toEqual(joined(bytes(10, 1).subarray(6), new Uint8Array(4).fill(7)));
    expect(file.read(target, 10)).toBe(0);
    expect(file.read(target, 10_000)).toBe(0);
    expect(file.read(new Uint8Array(0), 0)).toBe(0);
  },

  "takes a write of nothing for nothing": async (open) => {
    const file = (await open()).file("data");
    file.write(new Uint8Array(0), 500);
    expect(file.size()).toBe(0);
  },

  "refuses offsets and sizes that are no integer from 0 up": async (open) => {
    const file = (await open()).file("data");
    for (const wrong of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => file.read(new Uint8Array(1), wrong)).toThrow(RangeError);
      expect(() => file.write(bytes(1, 1), wrong)).toThrow(RangeError);
      expect(() => file.truncate(wrong)).toThrow(RangeError);
    }
  },

  "cuts, and what was cut does not come back": async (open) => {
    const file = (await open()).file("data");
    file.write(bytes(100_000, 1), 0);
    await file.flush();
    file.truncate(70_001);
    expect(file.size()).toBe(70_001);
    file.truncate(100_000);
    expectBytes(readAll(file), joined(bytes(100_000, 1).subarray(0, 70_001), new Uint8Array(29_999)));
  },

  "extends with zeros, from nothing too": async (open) => {
    const storage = await open();
    storage.file("data").truncate(65_536);
    storage.file("log-0").write(bytes(5, 1), 0);
    storage.file("log-0").truncate(40_000);
    await flushAll(storage);
    await storage.close();
    const reopened = await open();
    expectBytes(readAll(reopened.file("data")), new Uint8Array(65_536));
    expectBytes(readAll(reopened.file("log-0")), joined(bytes(5, 1), new Uint8Array(39_995)));
  },

  "finds flushed bytes after closing and opening, file by file": async (open) => {
    const storage = await open();
    for (const [index, name] of contractFiles.entries())
      storage.file(name).write(bytes(50_000, index), index);
    await flushAll(storage);
    await storage.close();
    const reopened = await open();
    for (const [index, name] of contractFiles.entries()) {
      expectBytes(readAll(reopened.file(name)), joined(new Uint8Array(index), bytes(50_000, index)));
    }
  },

  "finds a cut, an overwrite and a growth after closing and opening": async (open) => {
    const first = await open();
    first.file("data").write(bytes(200_000, 1), 0);
    await first.file("data").flush();
    first.file("data").truncate(100_000);
    first.file("data").write(bytes(10, 2), 40_000);
    await first.file("data").flush();
    await first.close();
    const second = await open();
    const cut = bytes(100_000, 1).slice();
    cut.set(bytes(10, 2), 40_000);
    expectBytes(readAll(second.file("data")), cut);
    second.file("data").write(bytes(10, 3), 100_000);
    await second.file("data").flush();
    await second.close();
    expectBytes(readAll((await open()).file("data")), joined(cut, bytes(10, 3)));
  },

  "empties a file for good": async (open) => {
    const storage = await open();
    storage.file("log-0").write(bytes(100_000, 1), 0);
    await storage.file("log-0").flush();
    storage.file("log-0").truncate(0);
    await storage.file("log-0").flush();
    await storage.close();
    expect((await open()).file("log-0").size()).toBe(0);
  },

  "keeps many small appends with a flush each": async (open) => {
    const storage = await open();
    const file = storage.file("log-0");
    for (let index = 0; index < 50; index++) {
      file.write(bytes(700, index), file.size());
      await file.flush();
    }
    await storage.close();
    const expected = joined(...Array.from({ length: 50 }, (_, index) => bytes(700, index)));
    expectBytes(readAll((await open()).file("log-0")), expected);
  },

  "flushes that overlap each cover what was written before them": async (open) => {
    const storage = await open();
    const file = storage.file("log-0");
    const flushes: Promise<void>[] = [];
    for (let index = 0; index < 10; index++) {
      file.write(bytes(5_000, index), index * 5_000);
      flushes.push(file.flush(), file.flush());
    }
    await Promise.all(flushes);
    await storage.close();
    const expected = joined(...Array.from({ length: 10 }, (_, index) => bytes(5_000, index)));
    expectBytes(readAll((await open()).file("log-0")), expected);
  },

  "closing while a flush is on its way lets the flush end": async (open) => {
    const storage = await open();
    storage.file("data").write(bytes(1_000_000, 1), 0);
    const flushed = storage.file("data").flush();
    await storage.close();
    await flushed;
    expectBytes(readAll((await open()).file("data")), bytes(1_000_000, 1));
  },

  "takes several megabytes in one write": async (open) => {
    const storage = await open();
    const large = bytes(5_000_003, 1);
    storage.file("data").write(large, 1_001);
    await storage.file("data").flush();
    await storage.close();
    const file = (await open()).file("data");
    const target = new Uint8Array(large.length);
    expect(file.read(target, 1_001)).toBe(large.length);
    expectBytes(target, large);
  },

  "closes twice, and is closed for every other call": async (open) => {
    const storage = await open();
    const file = storage.file("data");
    await storage.close();
    await storage.close();
    const closed = expect.objectContaining({ name: "Failure", code: "closed" });
    expect(() => file.size()).toThrow(closed);
    expect(() => file.read(new Uint8Array(1), 0)).toThrow(closed);
    expect(() => file.write(bytes(1, 1), 0)).toThrow(closed);
    expect(() => file.truncate(0)).toThrow(closed);
    await expect(file.flush()).rejects.toThrow(closed);
    await expect(storage.destroy()).rejects.toThrow(closed);
  },

  "destroys its files": async (open) => {
    const storage = await open();
    storage.file("data").write(bytes(100_000, 1), 0);
    await storage.file("data").flush();
    await storage.destroy();
    await storage.close();
    const next = await open();
    expect(next.created).toBe(true);
    for (const name of contractFiles) expect(next.file(name).size()).toBe(0);
  },
};

/** What every storage does where a hole in a file takes no space. */
export const sparseContract: Contract = {
  "reaches past 2^31 bytes": async (open) => {
    const file = (await open()).file("data");
    const far = 2 ** 31 + 12_345;
    file.write(bytes(100, 1), far);
    expect(file.size()).toBe(far + 100);
    const target = new Uint8Array(200);
    expect(file.read(target, far - 100)).toBe(200);
    expect(target).toEqual(joined(new Uint8Array(100), bytes(100, 1)));
    file.truncate(0);
  },
};

/** What a storage of `openStorage` does besides: its path has one owner. */
export const ownershipContract: Contract = {
  "refuses to open twice, and the first goes on": async (open) => {
    const first = await open();
    const locked = expect.objectContaining({ name: "Failure", code: "path-locked" });
    await expect(open()).rejects.toThrow(locked);
    first.file("data").write(bytes(10, 1), 0);
    await first.file("data").flush();
    expectBytes(readAll(first.file("data")), bytes(10, 1));
  },

  "opens once where two try at the same time": async (open) => {
    const outcomes = await Promise.allSettled([open(), open()]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  },

  "opens again after closing, and after destroying": async (open) => {
    await (await open()).close();
    await (await open()).destroy();
    expect((await open()).created).toBe(true);
  },
};

/** Bytes that differ from place to place and from seed to seed. */
function bytes(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >>> 8) * 7 + seed * 101 + 1) & 0xff);
}

/** The runner's own comparison of arrays of a megabyte takes seconds. */
function expectBytes(actual: Uint8Array, expected: Uint8Array): void {
  expect(actual.length).toBe(expected.length);
  expect(actual.findIndex((byte, index) => byte !== expected[index])).toBe(-1);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function readAll(file: { size(): number; read(target: Uint8Array, at: number): number }): Uint8Array {
  const all = new Uint8Array(file.size());
  expect(file.read(all, 0)).toBe(all.length);
  return all;
}

async function flushAll(storage: Storage): Promise<void> {
  for (const name of contractFiles) await storage.file(name).flush();
}
