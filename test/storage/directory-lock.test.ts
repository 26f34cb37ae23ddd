import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { lockDirectory } from "../../worker/storage/directory-lock.ts";
import { getNodeBuiltins, type NodeBuiltins } from "../../worker/storage/node-builtins.ts";
import { lockInNode } from "../../worker/storage/node-lock.ts";
import { leaveLock, makeDeadSocket } from "./dead-lock.ts";

const node = getNodeBuiltins()!;
const folder = realpathSync(mkdtempSync(join(tmpdir(), "chromalite-lock-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const dead = makeDeadSocket(folder);
const deadOwner = "lock-00000000000000aa";

function makeDirectory(name: string): string {
  const directory = join(folder, name);
  mkdirSync(directory);
  return directory;
}

/** This Node, as it would be on another system where nothing but the system's name counts. */
function on(platform: NodeJS.Platform): NodeBuiltins {
  return {
    ...node,
    process: Object.create(node.process, { platform: { value: platform } }) as NodeJS.Process,
  };
}

const long = "long".repeat(50);
test("the long name is too long for the address of a socket", () => {
  expect(join(folder, long).length).toBeGreaterThan(107);
});

describe.each([
  ["here", node],
  ["on macOS", on("darwin")],
])("%s", (where, builtins) => {
  test.each(["short", long])("a dead owner's lock is taken over by one: %s", async (name) => {
    const directory = makeDirectory(`${where} ${name}`);
    leaveLock(directory, dead, "lock", deadOwner);
    const lock = await lockDirectory(builtins, directory);
    expect(lock).toBeDefined();
    expect(await lockDirectory(builtins, directory)).toBeUndefined();
    expect(readdirSync(directory).sort()).toEqual(["lock", readlinkSync(join(directory, "lock"))]);
    await lock?.release();
    expect(readdirSync(directory)).toEqual([]);
  });

  test("where the file system has no links one lock is beside the directory", async () => {
    const directory = makeDirectory(`${where} without links`);
    const refusing: NodeBuiltins = {
      ...builtins,
      fs: {
        ...builtins.fs,
        symlinkSync: (target, path) => {
          if (dirname(String(path)) !== directory) return builtins.fs.symlinkSync(target, path);
          throw Object.assign(new Error("no links here"), { code: "EPERM" });
        },
      },
    };
    const lock = await lockInNode(refusing, directory);
    await expect(lockInNode(refusing, directory)).rejects.toMatchObject({ code: "path-locked" });
    expect(readdirSync(directory)).toEqual([]);
    await lock.release();
    await (await lockInNode(refusing, directory)).release();
  });
});

test("twenty contenders for a dead owner's lock: one wins", async () => {
  const directory = makeDirectory("twenty");
  leaveLock(directory, dead, "lock", deadOwner);
  const locks = await Promise.all(Array.from({ length: 20 }, () => lockDirectory(node, directory)));
  const owners = locks.filter((lock) => lock !== undefined);
  expect(owners).toHaveLength(1);
  await owners[0]!.release();
  expect(readdirSync(directory)).toEqual([]);
});

test("those who died while they replaced dead ones are replaced in turn", async () => {
  const directory = makeDirectory("chain");
  leaveLock(directory, dead, "lock", deadOwner);
  leaveLock(directory, dead, `${deadOwner}.next`, "lock-00000000000000bb");
  leaveLock(directory, dead, "lock-00000000000000bb.next", "lock-00000000000000cc");
  const lock = await lockDirectory(node, directory);
  expect(readdirSync(directory)).toHaveLength(2);
  await lock?.release();
  expect(readdirSync(directory)).toEqual([]);
});

/** Node for a contender that is so slow that `meanwhile` is done between what it reads and whom it asks. */
function slowed(meanwhile: () => Promise<unknown>): NodeBuiltins {
  const connect = (path: string): Socket => {
    const socket = new Socket();
    void meanwhile().then(() => socket.connect(path));
    return socket;
  };
  return { ...node, net: { ...node.net, connect: connect as typeof node.net.connect } };
}

describe("a contender that saw a dead owner before another took over", () => {
  test("leaves the lock to the new owner", async () => {
    const directory = makeDirectory("slow");
    leaveLock(directory, dead, "lock", deadOwner);
    let owner: ReturnType<typeof lockDirectory> | undefined;
    const slow = slowed(() => (owner ??= lockDirectory(node, directory)));
    expect(await lockDirectory(slow, directory)).toBeUndefined();
    const lock = await owner;
    expect(readdirSync(directory).sort()).toEqual(["lock", readlinkSync(join(directory, "lock"))]);
    await lock?.release();
    expect(readdirSync(directory)).toEqual([]);
  });

  test("has it where the new owner is gone again", async () => {
    const directory = makeDirectory("slow and lucky");
    leaveLock(directory, dead, "lock", deadOwner);
    let once: Promise<void> | undefined;
    const slow = slowed(() => (once ??= lockDirectory(node, directory).then((lock) => lock?.release())));
    const lock = await lockDirectory(slow, directory);
    expect(lock).toBeDefined();
    await lock?.release();
    expect(readdirSync(directory)).toEqual([]);
  });

  test("would take it from the new owner if it did not look again", async () => {
    const directory = makeDirectory("slow and blind");
    leaveLock(directory, dead, "lock", deadOwner);
    let owner: ReturnType<typeof lockDirectory> | undefined;
    const slow = slowed(() => (owner ??= lockDirectory(node, directory)));
    const readlinkSync = vi.fn(() => deadOwner) as unknown as typeof node.fs.readlinkSync;
    const blind = { ...slow, fs: { ...slow.fs, readlinkSync } };
    const lock = await lockDirectory(blind, directory);
    expect([lock, await owner]).not.toContain(undefined);
    await lock?.release();
    await (await owner)?.release();
  });
});

test("an owner whose directory was deleted and made anew leaves the next owner's lock alone", async () => {
  const directory = makeDirectory("anew");
  const before = await lockDirectory(node, directory);
  rmSync(directory, { recursive: true });
  mkdirSync(directory);
  const lock = await lockDirectory(node, directory);
  await before?.release();
  expect(await lockDirectory(node, directory)).toBeUndefined();
  await lock?.release();
});

test("what killed contenders left is deleted after a minute, and nothing else", async () => {
  const directory = makeDirectory("left");
  const [next, socket] = ["lock-00000000000000bb.next", "lock-00000000000000ee"];
  leaveLock(directory, dead, next, "lock-00000000000000cc");
  linkSync(dead, join(directory, socket));
  for (const name of ["lock-of-a-door.txt", "lock-00000000000000ff"])
    writeFileSync(join(directory, name), "");
  await (await lockDirectory(node, directory))?.release();
  expect(readdirSync(directory)).toHaveLength(5);
  const clock = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 120_000);
  await (await lockDirectory(node, directory))?.release();
  clock.mockRestore();
  expect(readdirSync(directory).sort()).toEqual(["lock-00000000000000ff", "lock-of-a-door.txt"]);
});
