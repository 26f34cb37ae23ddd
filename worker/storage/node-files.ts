// Storage in Node: a directory of files under its lock. It is the file node-files.js, loaded in Node alone: pages
// do not download it.

import { getNodeBuiltins } from "./node-builtins.ts";
import { lockInNode } from "./node-lock.ts";
import { makeDirectory, openNode } from "./node.ts";
import { openLocked } from "./open-locked.ts";
import { storageFailure } from "./storage-failure.ts";
import type { Storage } from "./storage.ts";

/** @throws {Failure}  "storage-unavailable": this is no Node; what `openStorage` throws */
export async function openNodeFiles(path: string, files: readonly string[]): Promise<Storage> {
  const node = getNodeBuiltins();
  if (!node) throw storageFailure("storage-unavailable", 'backend "node": expected Node 20.19 or newer');
  for (;;) {
    const directory = makeDirectory(node, path);
    try {
      return await openLocked(await lockInNode(node, directory), () => openNode(node, directory, files));
    } catch (error) {
      // It is made again where another destroyed the path before the lock was in it.
      if (node.fs.existsSync(directory)) throw error;
    }
  }
}
