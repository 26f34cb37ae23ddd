import { expect, test } from "vitest";
import { Failure } from "../../src/protocol/failure.ts";
import { draftFrame } from "../../worker/log/frame.ts";
import { LOG_HEADER_BYTES } from "../../worker/log/log-file.ts";
import { Log, LOG_BYTES_MAX, type LogFiles } from "../../worker/log/log.ts";
import { macrotask } from "../../worker/engine/macrotask.ts";
import { CheckedStorage } from "../../worker/storage/checked-storage.ts";
import { FaultyStorage } from "../../worker/storage/faulty.ts";
import { type Disk, openMemory } from "../../worker/storage/memory.ts";
import { wrapFlush } from "../storage/wrap-flush.ts";

const pathId = 7n;

function filesOf(disk: Disk): LogFiles {
  const storage = new CheckedStorage(openMemory(["log-0", "log-1"], disk));
  return [storage.file("log-0"), storage.file("log-1")];
}

function draft(text: string, part = new Uint8Array(0)) {
  return draftFrame({ text }, [part]);
}

async function textsAfter(files: LogFiles, throughFrame = 0): Promise<unknown[]> {
  const { frames } = await Log.recover(files, pathId, throughFrame);
  return frames.map((frame) => (frame.head as { text: unknown }).text);
}

/** The failure that recovery ends with, or tells of. */
async function failureOf(recovery: Promise<{ damage: Failure | undefined }>): Promise<Failure> {
  const error = await recovery.then(
    ({ damage }) => damage,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Failure);
  return error as Failure;
}

function flipBit(files: LogFiles, file: 0 | 1, at: number): void {
  const byte = new Uint8Array(1);
  files[file].read(byte, at);
  byte[0]! ^= 4;
  files[file].write(byte, at);
}

test("recovery returns the frames in order with their heads and where their parts lie", async () => {
  const files = filesOf(new Map());
  const log = Log.create(files, pathId);
  await log.append([draft("a", Uint8Array.of(1, 2, 3)), draft("b")]);
  await log.append([draft("c", Uint8Array.of(9))]);
  const { frames, log: recovered } = await Log.recover(files, pathId, 0);
  expect(frames.map((frame) => [frame.number, (frame.head as { text: string }).text])).toEqual([
    [1, "a"],
    [2, "b"],
    [3, "c"],
  ]);
  const part = new Uint8Array(3);
  files[0].read(part, frames[0]!.partsAt);
  expect([...part]).toEqual([1, 2, 3]);
  expect(recovered.lastFrame).toBe(3);
});

test("frames that the manifest has already are not returned", async () => {
  const files = filesOf(new Map());
  const log = Log.create(files, pathId);
  await log.append([draft("a"), draft("b"), draft("c")]);
  expect(await textsAfter(files, 2)).toEqual(["c"]);
});

test("a rotation goes on in the other file, and what it held before never comes back", async () => {
  const files = filesOf(new Map());
  const log = Log.create(files, pathId);
  await log.append([draft("a"), draft("b")]);
  log.rotate();
  await log.append([draft("c")]);
  expect(await textsAfter(files)).toEqual(["a", "b", "c"]);
  log.releaseOther(2);
  log.rotate();
  await log.append([draft("d")]);
  expect(await textsAfter(files, 2)).toEqual(["c", "d"]);
});

test("a file is not free for a root that has not all of its frames", async () => {
  const files = filesOf(new Map());
  const log = Log.create(files, pathId);
  await log.append([draft("a"), draft("b")]);
  log.rotate();
  log.releaseOther(1);
  expect(log.otherIsFree).toBe(false);
  expect(() => log.rotate()).toThrow("still needed");
  log.releaseOther(2);
  expect(log.otherIsFree).toBe(true);
});

test("what a rotation leaves unflushed is flushed before a frame of the next file is acknowledged", async () => {
  const storage = new FaultyStorage({ seed: 1, files: ["log-0", "log-1"] });
  const files = [storage.file("log-0"), storage.file("log-1")] as const;
  const log = Log.create(files, pathId);
  await log.append([draft("a")], { durability: "relaxed" });
  log.rotate();
  await log.append([draft("b")]);
  for (let seed = 1; seed < 20; seed++) {
    expect(await textsAfter(filesOf(storage.crash({ seed })))).toEqual(["a", "b"]);
  }
});

test("a frame written beside a flush is not flushed by it", async () => {
  const storage = new FaultyStorage({ seed: 1, files: ["log-0", "log-1"] });
  const slow = wrapFlush(storage, async (file) => {
    await file.flush();
    await macrotask();
  });
  const log = Log.create([slow.file("log-0"), slow.file("log-1")], pathId);
  await log.append([draft("a")], { durability: "relaxed" });
  const flushed = log.flush();
  await log.append([draft("b")], { durability: "relaxed" });
  await flushed;
  await log.flush();
  for (let seed = 1; seed < 20; seed++) {
    expect(await textsAfter(filesOf(storage.crash({ seed })))).toEqual(["a", "b"]);
  }
});

test("of a group that was refused nothing is found, where the file had bytes to write over", async () => {
  for (let seed = 1; seed <= 30; seed++) {
    // Three appends of a write and a flush, and then this write.
    const storage = new FaultyStorage({ seed, files: ["log-0", "log-1"], faults: { 7: "full" } });
    const files = [storage.file("log-0"), storage.file("log-1")] as const;
    const log = Log.create(files, pathId);
    await log.append([draft("long", new Uint8Array(5000))], { reserve: "leave" });
    log.rotate();
    await log.append([draft("b")], { reserve: "leave" });
    log.releaseOther(1);
    log.rotate();
    log.releaseOther(2);
    await log.append([draft("c")], { reserve: "leave" });
    const group = [draft("refused"), draft("refused too", new Uint8Array(2000))];
    await expect(log.append(group, { reserve: "leave" })).rejects.toMatchObject({ code: "storage-full" });
    expect(await textsAfter(files, 2)).toEqual(["c"]);
  }
});

test("a torn tail becomes zeros: the log goes on where the last whole frame ends", async () => {
  const disk: Disk = new Map();
  const files = filesOf(disk);
  const log = Log.create(files, pathId);
  await log.append([draft("a")]);
  const end = LOG_HEADER_BYTES + log.activeBytes;
  await log.append([draft("torn", new Uint8Array(100))]);
  files[0].truncate(end + 60);
  const { log: recovered } = await Log.recover(files, pathId, 0);
  const tail = new Uint8Array(60);
  expect(files[0].read(tail, end)).toBe(60);
  expect(tail).toEqual(new Uint8Array(60));
  await recovered.append([draft("b")]);
  expect(await textsAfter(files)).toEqual(["a", "b"]);
});

test("of what lies behind the last frame an opening keeps as much as a full disk may need, and no more", async () => {
  const files = filesOf(new Map());
  const log = Log.create(files, pathId);
  await log.append([draft("a")]);
  const end = LOG_HEADER_BYTES + log.activeBytes;
  files[0].write(new Uint8Array(400_000).fill(7), end);
  await Log.recover(files, pathId, 0);
  expect(files[0].size()).toBe(end + log.reserveBytes);
  const kept = new Uint8Array(log.reserveBytes);
  files[0].read(kept, end);
  expect(kept.every((byte) => byte === 0)).toBe(true);
});

test("a flipped bit in the header or head of a frame that a later one knew flushed is named as corruption", async () => {
  const disk: Disk = new Map();
  const log = Log.create(filesOf(disk), pathId);
  await log.append([draft("first", Uint8Array.of(1, 2, 3, 4))]);
  await log.append([draft("second")]);
  const { partsAt } = (await Log.recover(filesOf(disk), pathId, 0)).frames[0]!;
  for (let at = LOG_HEADER_BYTES; at < partsAt; at++) {
    const files = filesOf(disk);
    flipBit(files, 0, at);
    const recovered = await Log.recover(files, pathId, 0);
    const failure = await failureOf(Promise.resolve(recovered));
    expect(failure.code, `byte ${at}`).toBe("corrupt");
    expect(failure.details).toMatchObject({ file: "log-0", offset: LOG_HEADER_BYTES, frame: 1 });
    expect(recovered.frames).toEqual([]);
    flipBit(files, 0, at);
  }
  expect(await textsAfter(filesOf(disk))).toEqual(["first", "second"]);
});

test("a frame with damaged parts that a later one knew flushed is there: its parts have checksums of their own", async () => {
  const files = filesOf(new Map());
  const log = Log.create(files, pathId);
  await log.append([draft("first", Uint8Array.of(1, 2, 3, 4))]);
  await log.append([draft("second")]);
  const { partsAt } = (await Log.recover(files, pathId, 0)).frames[0]!;
  flipBit(files, 0, partsAt + 2);
  const { frames, damage } = await Log.recover(files, pathId, 0);
  expect(damage).toBeUndefined();
  expect(frames.map(({ number, isWhole }) => [number, isWhole])).toEqual([
    [1, false],
    [2, true],
  ]);
});

test("every flipped bit of a log's last frame is seen once the log was closed with a mark", async () => {
  const disk: Disk = new Map();
  const log = Log.create(filesOf(disk), pathId);
  await log.append([draft("first")]);
  await log.append([draft("last", Uint8Array.of(1, 2, 3, 4))]);
  await log.mark(0);
  const last = (await Log.recover(filesOf(disk), pathId, 0)).frames[1]!;
  for (let at = last.partsAt - 20; at < last.partsAt + 4; at++) {
    const files = filesOf(disk);
    flipBit(files, 0, at);
    const { frames, damage } = await Log.recover(files, pathId, 0);
    const isNamed = damage?.details["frame"] === 2 || frames[1]?.isWhole === false;
    expect(isNamed, `byte ${at}`).toBe(true);
    flipBit(files, 0, at);
  }
});

test("without anything to tell, and a second time, a mark writes nothing", async () => {
  const files = filesOf(new Map());
  const log = Log.create(files, pathId);
  await log.append([draft("a")]);
  await log.mark(1);
  expect(log.lastFrame).toBe(1);
  await log.mark(0);
  const { log: recovered } = await Log.recover(files, pathId, 0);
  await recovered.mark(0);
  expect([log.lastFrame, recovered.lastFrame]).toEqual([2, 2]);
});

test("no bit of a log's header is missed when it is flipped: its frames tell what it said", async () => {
  const disk: Disk = new Map();
  const log = Log.create(filesOf(disk), pathId);
  await log.append([draft("a")]);
  await log.append([draft("b")]);
  for (let at = 0; at < LOG_HEADER_BYTES; at++) {
    const files = filesOf(disk);
    flipBit(files, 0, at);
    expect(await textsAfter(files), `byte ${at}`).toEqual(["a", "b"]);
    flipBit(files, 0, at);
  }
});

test("damage in frames that the data file has does no harm, wherever the needed ones begin", async () => {
  const disk: Disk = new Map();
  const log = Log.create(filesOf(disk), pathId);
  for (const text of ["a", "b", "c", "d"]) await log.append([draft(text)]);
  for (let at = LOG_HEADER_BYTES; at < LOG_HEADER_BYTES + 96; at++) {
    const files = filesOf(disk);
    flipBit(files, 0, at);
    expect(await textsAfter(files, 2), `byte ${at}`).toEqual(["c", "d"]);
    expect((await Log.recover(files, pathId, 4)).damage).toBeUndefined();
    flipBit(files, 0, at);
  }
});

test("a log goes on in the other file where its header was damaged", async () => {
  const files = filesOf(new Map());
  await Log.create(files, pathId).append([draft("a")]);
  flipBit(files, 0, 3);
  const { log } = await Log.recover(files, pathId, 0);
  await log.append([draft("b")]);
  expect(files[1].size()).toBeGreaterThan(LOG_HEADER_BYTES);
  expect(await textsAfter(files)).toEqual(["a", "b"]);
});

test("a bad frame with an unflushed one behind it is a torn tail", async () => {
  const files = filesOf(new Map());
  const log = Log.create(files, pathId);
  await log.append([draft("kept")]);
  const end = LOG_HEADER_BYTES + log.activeBytes;
  await log.append([draft("torn"), draft("of the same group")]);
  flipBit(files, 0, end + 8);
  expect(await textsAfter(files)).toEqual(["kept"]);
});

test("a missing frame between the files is named as corruption", async () => {
  const files = filesOf(new Map());
  const log = Log.create(files, pathId);
  await log.append([draft("a"), draft("b")]);
  const end = LOG_HEADER_BYTES + log.activeBytes;
  log.rotate();
  await log.append([draft("c")]);
  files[0].truncate(end - 16);
  expect((await failureOf(Log.recover(files, pathId, 0))).code).toBe("corrupt");
});

test("a log that is gone although the manifest counts frames after it is named", async () => {
  const failure = await failureOf(Log.recover(filesOf(new Map()), pathId, 5));
  expect(failure.code).toBe("corrupt");
});

test("files of another database are refused", async () => {
  const files = filesOf(new Map());
  await Log.create(files, 8n).append([draft("a")]);
  expect((await failureOf(Log.recover(files, pathId, 0))).message).toContain("another database");
});

test("a log of a newer format is refused with both versions", async () => {
  const files = filesOf(new Map());
  await Log.create(files, pathId).append([draft("a")]);
  const { encodeLogHeader } = await import("../../worker/log/log-file.ts");
  files[0].write(encodeLogHeader({ version: 3, pathId, salt: 1, firstFrame: 1 }), 0);
  const failure = await failureOf(Log.recover(files, pathId, 0));
  expect(failure.code).toBe("format-newer");
  expect(failure.details).toMatchObject({ version: 3, supported: 2 });
});

test("a log file is full at 16 MB and says so before it is written", async () => {
  const log = Log.create(filesOf(new Map()), pathId);
  expect(log.fits(LOG_BYTES_MAX - LOG_HEADER_BYTES)).toBe(true);
  expect(log.fits(LOG_BYTES_MAX - LOG_HEADER_BYTES + 1)).toBe(false);
});
