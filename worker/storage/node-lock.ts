// Which lock a directory has in Node: a pipe's name on Windows, elsewhere the socket file in it. Where its
// file system has neither sockets nor links it is one beside it, which other containers do not see.

import { lockDirectory } from "./directory-lock.ts";
import { lockedFailure, type PathLock } from "./lock.ts";
import type { NodeBuiltins } from "./node-builtins.ts";
import { lockName } from "./socket-lock.ts";

/** What FAT, and mounts of a host's folders, say to a socket file or a link. */
const unsupported: ReadonlySet<string | undefined> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

/**
 * Takes the lock of a directory, or fails at once.
 * @param realPath  of a directory that exists
 * @throws {Failure}  "path-locked"
 */
export async function lockInNode(node: NodeBuiltins, realPath: string): Promise<PathLock> {
  const lock = await takeLock(node, realPath);
  if (!lock) throw lockedFailure(realPath, "client or process");
  return lock;
}

/** Undefined where another has it. */
async function takeLock(node: NodeBuiltins, realPath: string): Promise<PathLock | undefined> {
  const { crypto, fs, os, path, process } = node;
  const name = `chromalite-${crypto.createHash("sha256").update(realPath).digest("hex").slice(0, 32)}`;
  if (process.platform === "win32") return lockName(node, `\\\\.\\pipe\\${name}`);
  try {
    return await lockDirectory(node, realPath);
  } catch (error) {
    if (!unsupported.has((error as NodeJS.ErrnoException).code)) throw error;
  }
  if (process.platform === "linux") return lockName(node, `\0${name}`);
  const beside = path.join(os.tmpdir(), name);
  fs.mkdirSync(beside, { recursive: true });
  return lockDirectory(node, beside);
}
