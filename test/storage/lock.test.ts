import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BundledFixture } from "../client/bundle-fixture.ts";
import { getNodeBuiltins } from "../../worker/storage/node-builtins.ts";
import { lockInNode } from "../../worker/storage/node-lock.ts";
import { leaveLock, makeDeadSocket } from "./dead-lock.ts";
import { bundleLockProgram, LockProcess } from "./lock-process.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "chromalite-lock-")));
const node = getNodeBuiltins()!;
let program: BundledFixture;
beforeAll(async () => {
  program = await bundleLockProgram();
});
afterAll(async () => {
  await program.remove();
  rmSync(folder, { recursive: true, force: true });
});

function makeDirectory(name: string): string {
  const directory = join(folder, name);
  mkdirSync(directory);
  return directory;
}

test("one owner in a process, and nothing is left of it", async () => {
  const directory = makeDirectory("one");
  const lock = await lockInNode(node, directory);
  await expect(lockInNode(node, directory)).rejects.toMatchObject({ code: "path-locked" });
  await lock.release();
  await (await lockInNode(node, directory)).release();
  expect(readdirSync(directory)).toEqual([]);
});

test("one owner among processes, and a killed one keeps no lock", async () => {
  const directory = makeDirectory("killed");
  const owner = new LockProcess(program);
  expect(await owner.take(directory)).toBe(true);
  await expect(lockInNode(node, directory)).rejects.toMatchObject({ code: "path-locked" });
  await owner.kill();
  const lock = await lockInNode(node, directory);
  await expect(lockInNode(node, directory)).rejects.toMatchObject({ code: "path-locked" });
  await lock.release();
  expect(readdirSync(directory)).toEqual([]);
});

test("a stopped owner keeps the lock, and who asks is told at once", async () => {
  const directory = makeDirectory("stopped");
  const owner = new LockProcess(program);
  expect(await owner.take(directory)).toBe(true);
  owner.stop();
  await expect(lockInNode(node, directory)).rejects.toMatchObject({ code: "path-locked" });
  await owner.kill();
});

test("a lock does not keep the process running", async () => {
  const directory = makeDirectory("unreferenced");
  const before = process.getActiveResourcesInfo().toSorted();
  const lock = await lockInNode(node, directory);
  expect(process.getActiveResourcesInfo().toSorted()).toEqual(before);
  await lock.release();
});

test("the failure names the path and what to do", async () => {
  const path = makeDirectory("named");
  const lock = await lockInNode(node, path);
  await expect(lockInNode(node, path)).rejects.toMatchObject({
    code: "path-locked",
    message: expect.stringMatching(/named" is open in another client or process.*close the/),
    details: { path },
  });
  await lock.release();
});

test("of three processes that meet a dead owner's lock at the same moment one wins, 200 times", async () => {
  const dead = makeDeadSocket(folder);
  const contenders = [new LockProcess(program), new LockProcess(program), new LockProcess(program)];
  for (let round = 0; round < 200; round++) {
    const directory = makeDirectory(`race-${round}`);
    leaveLock(directory, dead, "lock", "lock-00000000000000aa");
    // Every other time somebody died while replacing it, too.
    if (round % 2 === 1) {
      leaveLock(directory, dead, "lock-00000000000000aa.next", "lock-00000000000000bb");
    }
    const at = Date.now() + 5;
    // The third comes up to 2 ms later, amid what the others do.
    const delays = [0, 0, (round % 20) / 10];
    const owned = await Promise.all(
      contenders.map((each, index) => each.take(directory, at + delays[index]!)),
    );
    expect({ round, owners: owned.filter(Boolean).length }).toEqual({ round, owners: 1 });
    await contenders[owned.indexOf(true)]!.release(directory);
    expect(readdirSync(directory)).toEqual([]);
  }
  await Promise.all(contenders.map((each) => each.kill()));
});

test("a copy of a directory whose owner lives, or was killed, is nobody's", async () => {
  const directory = makeDirectory("copied");
  const owner = new LockProcess(program);
  expect(await owner.take(directory)).toBe(true);
  execFileSync("cp", ["-a", directory, join(folder, "copy")]);
  // Node's own copying makes links absolute, and refuses sockets.
  mkdirSync(join(folder, "absolute"));
  const [socket] = readdirSync(directory).filter((name) => name !== "lock");
  symlinkSync(join(directory, socket!), join(folder, "absolute/lock"));
  for (const copy of ["copy", "absolute"]) {
    await (await lockInNode(node, join(folder, copy))).release();
    expect(readdirSync(join(folder, copy))).toEqual([]);
  }
  await owner.kill();
});

/** Whether this machine lets a test run a command with other namespaces. */
function canUnshare(...options: string[]): boolean {
  return spawnSync("unshare", [...options, "true"]).status === 0;
}

test.skipIf(!canUnshare("-rn"))("a process in another namespace of the network is told", async () => {
  const directory = makeDirectory("network");
  const lock = await lockInNode(node, directory);
  const other = new LockProcess(program, ["unshare", "-rn"]);
  expect(await other.take(directory)).toBe(false);
  await lock.release();
  expect(await other.take(directory)).toBe(true);
  await expect(lockInNode(node, directory)).rejects.toMatchObject({ code: "path-locked" });
  await other.kill();
  await (await lockInNode(node, directory)).release();
});

test.skipIf(!canUnshare("-rm"))("a process that has the directory mounted elsewhere is told", async () => {
  const directory = makeDirectory("mounted");
  const elsewhere = makeDirectory("elsewhere");
  const lock = await lockInNode(node, directory);
  const mounting = 'mount --bind "$1" "$2" && shift 2 && exec "$@"';
  const other = new LockProcess(program, [
    "unshare",
    "-rm",
    "sh",
    "-c",
    mounting,
    "sh",
    directory,
    elsewhere,
  ]);
  expect(await other.take(elsewhere)).toBe(false);
  await lock.release();
  expect(await other.take(elsewhere)).toBe(true);
  await expect(lockInNode(node, directory)).rejects.toMatchObject({ code: "path-locked" });
  await other.kill();
});
