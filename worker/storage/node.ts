// Storage in files of a directory, for Node. Reads and writes are synchronous calls of the operating
// system, a flush is fdatasync on a thread of the pool, so that requests are answered meanwhile.
// The directory is flushed once, when the files are created: without that a power cut may take them.

import type { Durability } from "../../src/protocol/operation.ts";
import type { BackendDirectory, BackendFile } from "./backend.ts";
import { storageFailure } from "./storage-failure.ts";
import { assertNoneLost } from "./missing-files.ts";
import type { NodeBuiltins } from "./node-builtins.ts";
import { writeZeros } from "./zeros.ts";

/** Makes the directory, durably, where it is missing; returns its real path. */
export function makeDirectory(node: NodeBuiltins, path: string): string {
  const { fs, path: paths } = node;
  const wanted = paths.resolve(path);
  const firstMade = makeMissing(node, wanted);
  const real = fs.realpathSync.native(wanted);
  if (firstMade !== undefined) {
    const top = paths.dirname(fs.realpathSync.native(firstMade));
    for (let made = real; made !== top; made = paths.dirname(made)) {
      flushDirectory(node, paths.dirname(made));
    }
  }
  return real;
}

/**
 * Makes a directory and the missing ones above it; returns the first it made. One after another: Node's
 * own recursion (20.20) never ends where the system refuses with ENOENT, as below /proc.
 */
function makeMissing({ fs, path: paths }: NodeBuiltins, wanted: string): string | undefined {
  const missing: string[] = [];
  for (let at = wanted; !fs.existsSync(at); at = paths.dirname(at)) missing.unshift(at);
  for (const directory of missing) {
    try {
      fs.mkdirSync(directory);
    } catch (error) {
      // Another process may have made it meanwhile.
      if (!fs.existsSync(directory)) throw error;
    }
  }
  return missing[0];
}

/**
 * @param directory  as `makeDirectory` returned it
 * @throws {Failure}  "corrupt": some of the files are lost
 */
export function openNode(node: NodeBuiltins, directory: string, files: readonly string[]): BackendDirectory {
  const { fs, path: paths } = node;
  const pathOf = (name: string): string => paths.join(directory, name);
  const missing = files.filter((name) => !fs.existsSync(pathOf(name)));
  const present = files.filter((name) => !missing.includes(name)).map((name) => fs.statSync(pathOf(name)));
  assertNoneLost(
    directory,
    missing,
    present.map((found) => (found.isFile() ? found.size : 0)),
  );

  const descriptors = new Map<string, number>();
  const close = (): void => {
    for (const descriptor of descriptors.values()) fs.closeSync(descriptor);
  };
  try {
    for (const name of files) {
      descriptors.set(name, fs.openSync(pathOf(name), fs.constants.O_RDWR | fs.constants.O_CREAT, 0o666));
    }
    if (missing.length > 0) flushDirectory(node, directory);
  } catch (error) {
    close();
    throw error;
  }

  return {
    backend: "node",
    path: directory,
    created: missing.length === files.length,
    files: new Map([...descriptors].map(([name, descriptor]) => [name, new NodeFile(fs, descriptor)])),
    close,
    remove: () => {
      for (const name of files) fs.rmSync(pathOf(name), { force: true });
    },
    removeDirectory: () => removeEmpty(node, directory),
  };
}

/** Why an empty directory of the caller's choice stays, or is not empty: nothing of ours is in it. */
const staying: ReadonlySet<string | undefined> = new Set([
  // Files of others are in it, or the next owner's.
  "ENOTEMPTY",
  "EEXIST",
  // It is a volume's mount point, or in a directory that may not be written.
  "EBUSY",
  "EACCES",
  "EPERM",
  "EROFS",
  // Another has removed it.
  "ENOENT",
]);

function removeEmpty({ fs }: NodeBuiltins, directory: string): void {
  try {
    fs.rmdirSync(directory);
  } catch (error) {
    if (!staying.has((error as NodeJS.ErrnoException).code)) throw error;
  }
}

function flushDirectory({ fs, process }: NodeBuiltins, path: string): void {
  // Windows cannot open a directory, and keeps its names in a journal of its own.
  if (process.platform === "win32") return;
  const descriptor = fs.openSync(path, fs.constants.O_RDONLY);
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

class NodeFile implements BackendFile {
  readonly #fs: NodeBuiltins["fs"];
  readonly #descriptor: number;

  constructor(fs: NodeBuiltins["fs"], descriptor: number) {
    this.#fs = fs;
    this.#descriptor = descriptor;
  }

  size(): number {
    return this.#fs.fstatSync(this.#descriptor).size;
  }

  read(target: Uint8Array, at: number): number {
    return this.#fs.readSync(this.#descriptor, target, 0, target.length, at);
  }

  write(source: Uint8Array, at: number): number {
    return this.#fs.writeSync(this.#descriptor, source, 0, source.length, at);
  }

  truncate(size: number): void {
    const before = this.size();
    this.#fs.ftruncateSync(this.#descriptor, size);
    writeZeros(this, before, size);
  }

  async flush(durability: Durability): Promise<void> {
    if (durability !== "relaxed") {
      await new Promise<void>((resolve, reject) => {
        this.#fs.fdatasync(this.#descriptor, (error) => (error ? reject(error) : resolve()));
      });
    }
    // What has been deleted goes on taking bytes until it is closed, and then they are gone.
    if (this.#fs.fstatSync(this.#descriptor).nlink === 0) {
      throw storageFailure("storage-lost", "a file of the path was deleted while it was open");
    }
  }
}
