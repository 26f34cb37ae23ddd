import { expect, test, vi } from "vitest";
import type { BackendDirectory, BackendFile } from "../../worker/storage/backend.ts";
import { CheckedStorage } from "../../worker/storage/checked-storage.ts";
import { ChunkedBytes } from "../../worker/storage/chunked-bytes.ts";

/** A file in memory, with some calls in a test's hand. */
function fileWith(calls: Partial<BackendFile>): BackendFile {
  const bytes = new ChunkedBytes();
  return {
    size: () => bytes.size,
    read: (target, at) => bytes.read(target.subarray(0, 3), at),
    write: (source, at) => {
      bytes.write(source.subarray(0, 2), at);
      return Math.min(source.length, 2);
    },
    truncate: (size) => bytes.truncate(size),
    flush: () => {},
    ...calls,
  };
}

function directoryOf(file: BackendFile, calls: Partial<BackendDirectory> = {}): BackendDirectory {
  return {
    backend: "memory",
    path: "here",
    created: true,
    files: new Map([["data", file]]),
    close: () => {},
    remove: () => {},
    ...calls,
  };
}

function openFile(calls: Partial<BackendFile>) {
  return new CheckedStorage(directoryOf(fileWith(calls))).file("data");
}

test("short transfers go on until all is moved", () => {
  const file = openFile({});
  file.write(Uint8Array.of(1, 2, 3, 4, 5), 1);
  const target = new Uint8Array(10);
  expect(file.read(target, 0)).toBe(6);
  expect(target).toEqual(Uint8Array.of(0, 1, 2, 3, 4, 5, 0, 0, 0, 0));
});

test("a write of no bytes at all is a full storage, and tells how far it came", () => {
  const write = vi
    .fn<BackendFile["write"]>()
    .mockReturnValueOnce(2)
    .mockReturnValueOnce(1)
    .mockReturnValue(0);
  const file = openFile({ write });
  expect(() => file.write(new Uint8Array(10), 100)).toThrow(
    expect.objectContaining({
      code: "storage-full",
      message: expect.stringContaining('at 100 bytes 10 in "data" of "here" stopped after 3 bytes'),
      details: { path: "here", file: "data", at: 100, bytes: 10, written: 3 },
    }),
  );
});

test.each([
  [new DOMException("over", "QuotaExceededError"), "storage-full"],
  // Firefox's is no Error and no DOMException.
  [{ name: "NS_ERROR_FILE_NO_DEVICE_SPACE", message: "" }, "storage-full"],
  [Object.assign(new Error("no space left"), { code: "ENOSPC" }), "storage-full"],
  [Object.assign(new Error("over"), { code: "EDQUOT" }), "storage-full"],
  [new DOMException("closed", "InvalidStateError"), "storage-lost"],
  [new DOMException("gone", "NotFoundError"), "storage-lost"],
  [Object.assign(new Error("input/output"), { code: "EIO" }), "storage-lost"],
  ["thrown text", "storage-lost"],
])("%s of the platform is told by its code, with its cause", async (cause, code) => {
  const fail = (): never => {
    throw cause;
  };
  const told = expect.objectContaining({ name: "Failure", code, cause });
  const file = openFile({ size: fail, read: fail, write: fail, truncate: fail, flush: fail });
  expect(() => file.size()).toThrow(told);
  expect(() => file.read(new Uint8Array(1), 0)).toThrow(told);
  expect(() => file.write(new Uint8Array(1), 0)).toThrow(told);
  expect(() => file.truncate(0)).toThrow(told);
  await expect(file.flush()).rejects.toThrow(told);
});

test("after a failed flush nothing is written or called flushed any more, but it can be read", async () => {
  const flush = vi.fn<() => Promise<void>>().mockRejectedValueOnce(new Error("EIO")).mockResolvedValue();
  const file = openFile({ flush });
  file.write(Uint8Array.of(7), 0);
  const lost = expect.objectContaining({ code: "storage-lost" });
  await expect(file.flush()).rejects.toThrow(lost);
  await expect(file.flush()).rejects.toThrow(lost);
  expect(() => file.write(Uint8Array.of(8), 0)).toThrow(lost);
  expect(() => file.truncate(0)).toThrow(lost);
  expect(file.size()).toBe(1);
});

test("closing waits for the flush on its way, then releases the path", async () => {
  const order: string[] = [];
  let endFlush = (): void => {};
  const flush = (): Promise<void> =>
    new Promise((resolve) => {
      endFlush = resolve;
    });
  const directory = directoryOf(fileWith({ flush }), { close: () => void order.push("closed") });
  const storage = new CheckedStorage(directory, async () => void order.push("released"));
  const flushed = storage
    .file("data")
    .flush()
    .then(() => order.push("flushed"));
  const closed = storage.close();
  await Promise.resolve();
  expect(order).toEqual([]);
  endFlush();
  await Promise.all([flushed, closed]);
  expect(order).toEqual(["flushed", "closed", "released"]);
});

test("the path comes free even where closing fails", async () => {
  const release = vi.fn(async () => {});
  const close = (): never => {
    throw new Error("EBADF");
  };
  const storage = new CheckedStorage(directoryOf(fileWith({}), { close }), release);
  await expect(storage.close()).rejects.toMatchObject({ code: "storage-lost" });
  expect(release).toHaveBeenCalledOnce();
});

test("a directory that holds its lock is deleted after the lock is released, and a failure of that is typed", async () => {
  const calls: string[] = [];
  const directory = directoryOf(fileWith({}), {
    close: () => void calls.push("close"),
    remove: () => void calls.push("remove"),
    removeDirectory: () => {
      calls.push("removeDirectory");
      throw Object.assign(new Error("bad disk"), { code: "EIO" });
    },
  });
  const storage = new CheckedStorage(directory, async () => void calls.push("release"));
  await expect(storage.destroy()).rejects.toMatchObject({ code: "storage-lost", details: { path: "here" } });
  expect(calls).toEqual(["close", "remove", "release", "removeDirectory"]);
});
