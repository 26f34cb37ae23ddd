// Sockets that say "I live" and nothing else. The operating system lets one process listen on an
// address, and stops its listening with the process, however that died. No one speaks.

import type { NodeBuiltins } from "./node-builtins.ts";
import type { PathLock } from "./lock.ts";

/** Takes a name that leaves no file, of a pipe or an abstract socket. Undefined where another has it. */
export async function lockName(node: NodeBuiltins, name: string): Promise<PathLock | undefined> {
  try {
    return { release: await listen(node, { path: name }) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return undefined;
    throw error;
  }
}

/** Makes a socket file that processes of every user may connect to. Returns how to stop; that deletes it. */
export function listenInFile(node: NodeBuiltins, path: string): Promise<() => Promise<void>> {
  return listen(node, { path, readableAll: true, writableAll: true });
}

function listen(
  { net }: NodeBuiltins,
  where: { path: string; readableAll?: boolean; writableAll?: boolean },
): Promise<() => Promise<void>> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((connection) => connection.destroy());
    const stop = (): Promise<void> => new Promise((done) => void server.close(() => done()));
    server.on("error", reject);
    // `exclusive`: a child of `node:cluster` would otherwise share the listener of its siblings.
    server.listen({ ...where, exclusive: true }, () => resolve(stop));
    // The lock alone must not keep a script running that has nothing left to do.
    server.unref();
  });
}

/**
 * Whether a process listens at a socket file. A busy or stopped one does, and one that this user may not
 * connect to: only a refusal, a missing file and one that is no socket prove that nobody does.
 */
export function isListening({ net }: NodeBuiltins, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = net.connect(path);
    connection.on("connect", () => {
      connection.destroy();
      resolve(true);
    });
    connection.on("error", ({ code }: NodeJS.ErrnoException) => {
      resolve(code !== "ECONNREFUSED" && code !== "ENOENT" && code !== "ENOTSOCK");
    });
  });
}
