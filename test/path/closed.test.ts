// A path that was closed has no torn tail: whatever is damaged in its log afterwards is told.

import { expect, test } from "vitest";
import { openPath, pathFiles } from "../../worker/path/open-path.ts";
import { CheckedStorage } from "../../worker/storage/checked-storage.ts";
import { type Disk, openMemory } from "../../worker/storage/memory.ts";
import { idleHost } from "./idle-host.ts";

/** What fills a frame up so that the next one begins at a whole word: nobody reads it. */
const PADDING_BYTES_MAX = 7;

const open = (disk: Disk) => openPath(new CheckedStorage(openMemory(pathFiles, disk)), idleHost, null);

test("a flipped bit of the last write before a close is told, and not taken for a write that was torn", async () => {
  const disk: Disk = new Map();
  const { path } = await open(disk);
  await path.append([{ creates: ["first"] }]);
  const log = disk.get("log-0")!;
  const start = log.size;
  await path.append([{ creates: ["last"] }]);
  const end = log.size;
  await path.close();
  let unseen = 0;
  for (let at = start; at < end; at++) {
    const copy: Disk = new Map([...disk].map(([name, bytes]) => [name, bytes.fork()]));
    const byte = new Uint8Array(1);
    log.read(byte, at);
    copy.get("log-0")!.write(new Uint8Array([byte[0]! ^ (1 << (at % 8))]), at);
    const opened = await open(copy);
    if (opened.damage === undefined) unseen++;
    else expect(opened.damage.code).toBe("corrupt");
    expect(opened.path.collection("last") === undefined).toBe(opened.damage !== undefined);
  }
  expect(end - start).toBeGreaterThan(40);
  expect(unseen).toBeLessThanOrEqual(PADDING_BYTES_MAX);
});
