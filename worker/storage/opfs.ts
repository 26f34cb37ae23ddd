// Storage in the origin private file system, through synchronous access handles: one directory for
// each path under `chromalite`, or a next one where the browser does not give the first back. It runs in a dedicated worker only. A handle locks its file, so
// another tab cannot open the path while this one has it.

import type { Durability } from "../../src/protocol/operation.ts";
import type { BackendFile } from "./backend.ts";
import { assertNoneLost } from "./missing-files.ts";
import type { CreatingDirectory } from "./new-files.ts";
import { pathToName } from "./path.ts";
import { storageFailure } from "./storage-failure.ts";
import { writeZeros } from "./zeros.ts";

const PARENT = "chromalite";

/** How long a handle is tried for: a tab in line may be looking whether the leader sleeps. */
const HANDLE_WAIT_MS = 500;
/**
 * The same where the path's turn was waited for. The worker that led may be dying still, and lets go of its handles
 * when what it computes has returned; its Web Lock came free at once (Chromium 156). Nobody else can lead meanwhile.
 */
const TURN_HANDLE_WAIT_MS = 30_000;
/** Between two tries: so long at first, and longer each time. */
const HANDLE_RETRY_MS = 5;
const HANDLE_RETRY_MS_MAX = 50;

/** How often a flush looks whether its file is still there. */
const LOOK_MS = 1000;

/** The part of FileSystemSyncAccessHandle used here; a page's types lack it, as pages do. */
interface SyncAccessHandle {
  getSize(): number;
  read(target: Uint8Array, options: { at: number }): number;
  write(source: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

/**
 * What Chromium's `write` returns on a full disk, and in a private window with its memory used up: its own
 * error code -8 as an unsigned number, where it should throw (seen in 156; https://crbug.com/541725401).
 */
const NO_SPACE = 2 ** 32 - 8;

/**
 * Whether this thread can keep data in OPFS.
 * False on the main thread and in shared workers (no synchronous handles), and where the browser
 * refuses the directory: private windows of Firefox (SecurityError) and Safari (UnknownError).
 */
export async function hasOpfs(): Promise<boolean> {
  if (typeof FileSystemFileHandle === "undefined") return false;
  if (!("createSyncAccessHandle" in FileSystemFileHandle.prototype)) return false;
  try {
    await navigator.storage.getDirectory();
    return true;
  } catch (error) {
    if (error instanceof DOMException && ["SecurityError", "UnknownError"].includes(error.name)) return false;
    throw error;
  }
}

export interface OpenOpfsOptions {
  /** Whether lost files can be made again: they are made empty then. */
  readonly hasJournal?: boolean;
  /** Given by who waits for its turn to lead: handles are tried for long, until it aborts. */
  readonly turn?: AbortSignal | undefined;
}

/**
 * @param path  canonical; its lock is the caller's
 * @throws {Failure}  "corrupt": some of the files are lost
 * @throws {DOMException}  NoModificationAllowedError: somebody has a handle of a file, and keeps it
 */
export async function openOpfs(
  path: string,
  files: readonly string[],
  { hasJournal = false, turn }: OpenOpfsOptions = {},
): Promise<CreatingDirectory> {
  const origin = await navigator.storage.getDirectory();
  const parent = await origin.getDirectoryHandle(PARENT, { create: true });
  for (let number = await lastNumber(parent, path); ; number++) {
    const directory = await parent.getDirectoryHandle(directoryName(path, number), { create: true });
    const present = new Set<string>();
    for (const file of files) if (await hasFile(directory, file)) present.add(file);
    const missing = files.filter((file) => !present.has(file));
    if (missing.length > 0 && !hasJournal) assertNoneLost(path, missing, await sizesOf(directory, present));
    const isNew = present.size === 0;
    let handles: ReadonlyMap<string, SyncAccessHandle>;
    try {
      handles = await openHandles(directory, files, isNew ? onceOnly : patienceFor(turn));
    } catch (error) {
      // Nobody can have opened what was just created: Chromium 156 keeps the locks of files that it cleared with the
      // origin's data while they were open, by their names, until it is started anew. So the path moves.
      if (isNew && isTaken(error)) continue;
      throw error;
    }
    return {
      backend: "opfs",
      path,
      created: isNew,
      missing,
      files: new Map(
        [...handles].map(([file, handle]) => [
          file,
          new OpfsFile(file, handle, () => hasFile(directory, file)),
        ]),
      ),
      async close() {
        const areThere = await Promise.all(files.map((file) => hasFile(directory, file)));
        // Chromium 156 never returns from closing the handle of a file that was cleared like that.
        if (!areThere.includes(false)) closeAll(handles);
      },
      remove: () => removeDirectories(parent, path, number),
    };
  }
}

/**
 * Asks for a file that another tab holds. A tab in Chromium's back/forward cache is thrown out of it for
 * that (156: its lock came free after 22 to 31 ms); one that is awake does not notice.
 *
 * @param path  canonical
 */
export async function rouseOpfs(path: string, file: string): Promise<void> {
  try {
    const origin = await navigator.storage.getDirectory();
    const parent = await origin.getDirectoryHandle(PARENT);
    const name = directoryName(path, await lastNumber(parent, path));
    const directory = await parent.getDirectoryHandle(name);
    (await openHandle(await directory.getFileHandle(file), onceOnly)).close();
  } catch (error) {
    // It is awake, or not where it was thought to be: not this one's to report.
    if (!(error instanceof DOMException)) throw error;
  }
}

function sizesOf(directory: FileSystemDirectoryHandle, files: Iterable<string>): Promise<number[]> {
  const size = async (file: string): Promise<number> =>
    (await (await directory.getFileHandle(file)).getFile()).size;
  return Promise.all([...files].map(size));
}

/** A path lies in the last of its directories. No path's own name has an "@". */
function directoryName(path: string, number: number): string {
  return number === 0 ? pathToName(path) : `${pathToName(path)}@${number}`;
}

async function lastNumber(parent: FileSystemDirectoryHandle, path: string): Promise<number> {
  for (let number = 0; ; number++) {
    const next = directoryName(path, number + 1);
    if (!(await isFound(parent.getDirectoryHandle(next)))) return number;
  }
}

/** The last one first: what is left of a removal that was interrupted is empty. */
async function removeDirectories(
  parent: FileSystemDirectoryHandle,
  path: string,
  last: number,
): Promise<void> {
  await parent.removeEntry(directoryName(path, last), { recursive: true });
  for (let number = last - 1; number >= 0; number--) {
    // It is empty, and locked where the browser was not started anew since.
    await parent.removeEntry(directoryName(path, number), { recursive: true }).catch(() => undefined);
  }
}

async function openHandles(
  directory: FileSystemDirectoryHandle,
  files: readonly string[],
  patience: Patience,
): Promise<ReadonlyMap<string, SyncAccessHandle>> {
  const handles = new Map<string, SyncAccessHandle>();
  try {
    for (const name of files) {
      handles.set(name, await openHandle(await directory.getFileHandle(name, { create: true }), patience));
    }
    return handles;
  } catch (error) {
    closeAll(handles);
    throw error;
  }
}

function closeAll(handles: ReadonlyMap<string, SyncAccessHandle>): void {
  for (const handle of handles.values()) handle.close();
}

/** Whether what is taken is tried once more. */
type Patience = () => boolean;

const onceOnly: Patience = () => false;

/** For all files of a path together. */
function patienceFor(turn: AbortSignal | undefined): Patience {
  const until = performance.now() + (turn ? TURN_HANDLE_WAIT_MS : HANDLE_WAIT_MS);
  return () => turn?.aborted !== true && performance.now() < until;
}

async function openHandle(
  file: { createSyncAccessHandle?(): Promise<SyncAccessHandle> } & FileSystemFileHandle,
  isPatient: Patience,
): Promise<SyncAccessHandle> {
  if (!file.createSyncAccessHandle) {
    throw storageFailure("storage-unavailable", 'backend "opfs" on this thread: expected a dedicated worker');
  }
  for (let pause = HANDLE_RETRY_MS; ; pause = Math.min(pause + 1, HANDLE_RETRY_MS_MAX)) {
    try {
      return await file.createSyncAccessHandle();
    } catch (error) {
      if (!isTaken(error) || !isPatient()) throw error;
      await new Promise((resume) => setTimeout(resume, pause));
    }
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof DOMException && error.name === "NoModificationAllowedError";
}

function hasFile(directory: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  return isFound(directory.getFileHandle(name));
}

async function isFound(entry: Promise<FileSystemHandle>): Promise<boolean> {
  try {
    await entry;
    return true;
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotFoundError") return false;
    throw error;
  }
}

class OpfsFile implements BackendFile {
  readonly #name: string;
  readonly #handle: SyncAccessHandle;
  readonly #isThere: () => Promise<boolean>;
  #lookAt = performance.now() + LOOK_MS;

  constructor(name: string, handle: SyncAccessHandle, isThere: () => Promise<boolean>) {
    this.#name = name;
    this.#handle = handle;
    this.#isThere = isThere;
  }

  size(): number {
    return this.#handle.getSize();
  }

  read(target: Uint8Array, at: number): number {
    return assertCount("read", this.#handle.read(target, { at }), target.length);
  }

  write(source: Uint8Array, at: number): number {
    const count = this.#handle.write(source, { at });
    return count === NO_SPACE ? 0 : assertCount("write", count, source.length);
  }

  truncate(size: number): void {
    const before = this.size();
    // All at once: Chromium asks its browser process for the quota of each write that makes a file longer.
    this.#handle.truncate(size);
    const actual = this.size();
    // The same bug: where there is no room, `truncate` does nothing and does not throw.
    if (actual !== size)
      throw storageFailure("storage-full", `truncate left ${actual} bytes: expected ${size}`, {
        actual,
        size,
      });
    writeZeros(this, before, size);
  }

  async flush(durability: Durability): Promise<void> {
    // What was written is the browser's: it writes it out though its own processes are killed.
    if (durability === "strict") this.#handle.flush();
    const now = performance.now();
    if (now < this.#lookAt) return;
    this.#lookAt = now + LOOK_MS;
    // A handle goes on writing and flushing when the browser has cleared the origin's data, into a file without a name.
    if (!(await this.#isThere())) throw storageFailure("storage-lost", `"${this.#name}" was taken away`);
  }
}

/** The same bug with other error codes: no transfer is longer than its buffer. */
function assertCount(call: string, count: number, length: number): number {
  if (count > length) throw new Error(`${call} returned ${count}: expected at most ${length}`);
  return count;
}
