import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openStorage } from "../../worker/storage/open-storage.ts";
import {
  contractFiles,
  ownershipContract,
  runStorageContract,
  sparseContract,
  storageContract,
} from "./contract.ts";

const folder = mkdtempSync(join(tmpdir(), "chromalite-node-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const openAt = (path: string) => openStorage({ path: join(folder, path), files: contractFiles });

runStorageContract("node", openAt, { ...storageContract, ...sparseContract, ...ownershipContract });

test("files are the backend in Node, in a directory of the path's name", async () => {
  const storage = await openAt("new/and/deep");
  expect(storage.backend).toBe("node");
  expect(existsSync(join(folder, "new/and/deep/log-0"))).toBe(true);
  await storage.destroy();
  expect(existsSync(join(folder, "new/and/deep"))).toBe(false);
  expect(existsSync(join(folder, "new/and"))).toBe(true);
});

test("destroying leaves files of others in the directory alone", async () => {
  mkdirSync(join(folder, "shared"));
  writeFileSync(join(folder, "shared/letter.txt"), "mine");
  await (await openAt("shared")).destroy();
  expect(existsSync(join(folder, "shared/letter.txt"))).toBe(true);
  expect(existsSync(join(folder, "shared/data"))).toBe(false);
});

test("a path that is destroyed again and again is locked or opens, whoever comes when", async () => {
  const openAndDestroy = async (): Promise<void> => {
    for (let round = 0; round < 20; round++) {
      try {
        await (await openAt("contended")).destroy();
      } catch (error) {
        expect(error).toMatchObject({ code: "path-locked" });
      }
    }
  };
  await Promise.all([openAndDestroy(), openAndDestroy(), openAndDestroy()]);
  await (await openAt("contended")).destroy();
  expect(existsSync(join(folder, "contended"))).toBe(false);
});

test("every spelling of a directory is one path: relative, with a slash, through a link", async () => {
  const storage = await openAt("real");
  symlinkSync(join(folder, "real"), join(folder, "link"));
  const locked = expect.objectContaining({ code: "path-locked" });
  for (const path of [
    join(folder, "link"),
    `${join(folder, "real")}/`,
    relative(process.cwd(), join(folder, "real")),
  ]) {
    await expect(openStorage({ path, files: contractFiles })).rejects.toThrow(locked);
  }
  await storage.close();
});

test.runIf(existsSync("/proc/self"))(
  "a path where the system makes no directory is told, and does not hang",
  async () => {
    for (const path of ["/proc/chromalite", "/proc/chromalite/deep/path"]) {
      await expect(openStorage({ path, files: contractFiles })).rejects.toThrow(
        expect.objectContaining({ code: "storage-unavailable" }),
      );
    }
  },
);

test("a path that cannot be a directory is told, and leaves no lock", async () => {
  writeFileSync(join(folder, "file"), "");
  const unavailable = expect.objectContaining({ code: "storage-unavailable" });
  await expect(openAt("file")).rejects.toThrow(unavailable);
  mkdirSync(join(folder, "blocked/data"), { recursive: true });
  await expect(openAt("blocked")).rejects.toThrow(unavailable);
  rmSync(join(folder, "blocked/data"), { recursive: true });
  await (await openAt("blocked")).close();
});

test.each(["strict", "relaxed"] as const)(
  "a %s flush of a file that was deleted meanwhile says that it is lost",
  async (durability) => {
    const storage = await openAt(`deleted-${durability}`);
    const file = storage.file(contractFiles[0]);
    file.write(Uint8Array.of(1), 0);
    await file.flush(durability);
    rmSync(join(folder, `deleted-${durability}`), { recursive: true });
    file.write(Uint8Array.of(2), 1);
    await expect(file.flush(durability)).rejects.toMatchObject({ code: "storage-lost" });
    await storage.close();
  },
);

test("a file that is made longer has no holes: what is room for later is taken now", async () => {
  const storage = await openAt("longer");
  const file = storage.file("data");
  file.write(new Uint8Array(3), 0);
  file.truncate(1_000_000);
  await file.flush();
  const { size, blocks } = statSync(join(folder, "longer/data"));
  expect(size).toBe(1_000_000);
  expect(blocks * 512).toBeGreaterThanOrEqual(size);
  await storage.close();
});
