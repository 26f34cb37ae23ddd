// What killed processes leave of their locks, made with one process that is killed.

import { spawnSync } from "node:child_process";
import { linkSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/** Returns the path of a socket file in `folder` whose listener was killed. */
export function makeDeadSocket(folder: string): string {
  const path = join(folder, "dead-socket");
  const script = `require("node:net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
  spawnSync(process.execPath, ["-e", script]);
  return path;
}

/** Leaves `link` in a directory, to a dead socket of the name `owner`. */
export function leaveLock(directory: string, deadSocket: string, link: string, owner: string): void {
  linkSync(deadSocket, join(directory, owner));
  symlinkSync(owner, join(directory, link));
}
