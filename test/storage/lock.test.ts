import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { lockPath } from "../../worker/storage/lock.ts";
import { getNodeBuiltins } from "../../worker/storage/node-builtins.ts";
import { lockSocket, socketAddress } from "../../worker/storage/socket-lock.ts";

const node = getNodeBuiltins()!;
const folder = mkdtempSync(join(tmpdir(), "chromalite-lock-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const addresses = [
  ["the address of a path here", socketAddress(node, folder)],
  ["a socket file, as on macOS", join(folder, "lock.sock")],
] as const;

/** Another process that listens on an address, as an owner of the lock does. */
async function startOwner(address: string) {
  const script = `require("node:net").createServer().listen(${JSON.stringify(address)}, () => console.log("listening"))`;
  const owner = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(owner.stdout, "data");
  return owner;
}

test.each(addresses)("one owner in a process: %s", async (_, address) => {
  const lock = await lockSocket(node, address);
  expect(await lockSocket(node, address)).toBeUndefined();
  await lock?.release();
  const next = await lockSocket(node, address);
  expect(next).toBeDefined();
  await next?.release();
});

test.each(addresses)("one owner among processes, and a killed one leaves no lock: %s", async (_, address) => {
  const owner = await startOwner(address);
  expect(await lockSocket(node, address)).toBeUndefined();
  owner.kill("SIGKILL");
  await once(owner, "exit");
  const lock = await lockSocket(node, address);
  expect(lock).toBeDefined();
  await lock?.release();
});

test("a killed owner of a socket file leaves the file, and it is taken over", async () => {
  const address = join(folder, "stale.sock");
  const owner = await startOwner(address);
  owner.kill("SIGKILL");
  await once(owner, "exit");
  expect(existsSync(address)).toBe(true);
  const lock = await lockSocket(node, address);
  expect(lock).toBeDefined();
  expect(await lockSocket(node, address)).toBeUndefined();
  await lock?.release();
});

test("a lock does not keep the process running", async () => {
  const before = process.getActiveResourcesInfo().toSorted();
  const lock = await lockPath(join(folder, "unreferenced"));
  expect(process.getActiveResourcesInfo().toSorted()).toEqual(before);
  await lock.release();
});

test("the failure names the path and what to do", async () => {
  const path = join(folder, "named");
  const lock = await lockPath(path);
  await expect(lockPath(path)).rejects.toMatchObject({
    code: "path-locked",
    message: expect.stringMatching(/named" is open in another client or process.*close the/),
    details: { path },
  });
  await lock.release();
});
