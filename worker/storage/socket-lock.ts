// A lock between processes of one machine: whoever listens on the address holds it. The operating
// system lets one process listen, and ends it with the process, however that died. No one speaks.

import type { Server } from "node:net";
import type { NodeBuiltins } from "./node-builtins.ts";
import type { PathLock } from "./lock.ts";

/**
 * Where the owner of a path listens. Linux has names without a file and Windows has pipes, both gone
 * with their process; elsewhere it is a socket file in the directory for temporary files.
 */
export function socketAddress({ crypto, os, path, process }: NodeBuiltins, realPath: string): string {
  const name = `chromalite-${crypto.createHash("sha256").update(realPath).digest("hex").slice(0, 32)}`;
  if (process.platform === "linux") return `\0${name}`;
  if (process.platform === "win32") return `\\\\.\\pipe\\${name}`;
  return path.join(os.tmpdir(), `${name}.sock`);
}

/** Undefined where another holds it. A socket file that a dead process left is taken over. */
export async function lockSocket(node: NodeBuiltins, address: string): Promise<PathLock | undefined> {
  const lock = await listen(node, address);
  if (lock || !(await isStale(node, address))) return lock;
  node.fs.rmSync(address, { force: true });
  return listen(node, address);
}

/** Undefined where the address is taken. */
function listen({ net }: NodeBuiltins, address: string): Promise<PathLock | undefined> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((connection) => connection.destroy());
    server.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    // `exclusive`: a child of `node:cluster` would otherwise share the listener of its siblings.
    server.listen({ path: address, exclusive: true }, () => resolve({ release: () => closeServer(server) }));
    // The lock alone must not keep a script running that has nothing left to do.
    server.unref();
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

/** Whether a socket file has no listener any more: connecting to it is refused. */
function isStale({ net }: NodeBuiltins, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = net.connect(address);
    connection.on("connect", () => {
      connection.destroy();
      resolve(false);
    });
    connection.on("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code === "ECONNREFUSED" || error.code === "ENOENT");
    });
  });
}
