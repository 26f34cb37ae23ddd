// A lock in a directory, for all processes of one kernel: containers, bind mounts and namespaces of the
// network do not matter to a socket file. Each contender listens at a file of its own, `lock-<random>`,
// and the symbolic link `lock` names the owner's: making a link fails where there is one.
//
// A dead owner's link is replaced by `rename`, which alone would let a slow process replace the link of
// the next owner. So who wants to replace the link to V first takes the link `V.next`, by these same rules,
// then looks again that the first one still names V, and only then renames `V.next` over it. Why that holds:
// 1. Names are drawn at random, never used again, and linked only while listened at. A dead V stays dead.
// 2. A link to V is removed by V itself, or replaced by who has `V.next`; who is dead does neither. So between
//    the second look and the rename nobody else touches it, and the link of a living owner is never replaced.
// 3. Who comes late takes a `V.next` that is free again, but its second look finds another name than V, and it
//    starts anew. Who dies with `V.next` is itself a dead V, whose link `V.next` is: its `next` is taken.
// 4. Who gives up has seen somebody alive: an owner, or one who will find another owner or be it.

import { isListening, listenInFile } from "./socket-lock.ts";
import type { PathLock } from "./lock.ts";
import type { NodeBuiltins } from "./node-builtins.ts";

const LINK = "lock";
const NEXT = ".next";
const LEFT_BEHIND = /^lock-[0-9a-f]{16}(\.next)?$/;

/** Between making a socket file and listening at it a process looks dead, for less than a millisecond. */
const NEWBORN_MS = 60_000;

/** Addresses of sockets are 103 bytes on macOS, 107 on Linux; libuv 1.46 cuts off what is longer. */
const ADDRESS_BYTES_MAX = 103;

/**
 * Undefined where another process, or another caller in this one, has the lock.
 * @param directory  exists
 */
export async function lockDirectory(node: NodeBuiltins, directory: string): Promise<PathLock | undefined> {
  const own = `${LINK}-${node.crypto.randomBytes(8).toString("hex")}`;
  const short = shorten(node, directory, own);
  try {
    const contender = new Contender(node, directory, short.path, own);
    return await contender.contend();
  } finally {
    short.forget();
  }
}

class Contender {
  readonly #node: NodeBuiltins;
  readonly #directory: string;
  readonly #short: string;
  readonly #own: string;

  /** @param short  the directory's name for the addresses of sockets */
  constructor(node: NodeBuiltins, directory: string, short: string, own: string) {
    this.#node = node;
    this.#directory = directory;
    this.#short = short;
    this.#own = own;
  }

  async contend(): Promise<PathLock | undefined> {
    // Who is refused writes nothing, so that it is told the same on a full disk.
    const owner = this.#readLink(LINK);
    if (owner !== undefined && (await isListening(this.#node, this.#address(owner)))) return undefined;
    const stop = await listenInFile(this.#node, this.#address(this.#own));
    const lock: PathLock = { release: () => this.#release(stop) };
    try {
      if (await this.#take(LINK)) {
        await this.#sweep();
        return lock;
      }
    } catch (error) {
      await lock.release();
      throw error;
    }
    await lock.release();
    return undefined;
  }

  /** Makes `link` name this contender's socket. False where it names one that is listened at. */
  async #take(link: string): Promise<boolean> {
    const { fs } = this.#node;
    for (;;) {
      if (this.#makeLink(link)) return true;
      const other = this.#readLink(link);
      if (other === undefined) continue;
      if (await isListening(this.#node, this.#address(other))) return false;
      const next = `${other}${NEXT}`;
      if (!(await this.#take(next))) return false;
      if (this.#readLink(link) === other) {
        fs.renameSync(this.#pathOf(next), this.#pathOf(link));
        fs.rmSync(this.#pathOf(other), { force: true });
        return true;
      }
      fs.rmSync(this.#pathOf(next), { force: true });
    }
  }

  /** The link goes while its socket is listened at still: nobody can take it for a dead one's. */
  async #release(stop: () => Promise<void>): Promise<void> {
    // It may be another's: this contender lost, or the directory was deleted and made anew.
    if (this.#readLink(LINK) === this.#own) this.#node.fs.rmSync(this.#pathOf(LINK), { force: true });
    await stop();
    // Stopping deletes the file by the name that it was made by, which may have been a passing one.
    this.#node.fs.rmSync(this.#pathOf(this.#own), { force: true });
  }

  /** Deletes, as the owner, what processes left that were killed while they contended and lost. */
  async #sweep(): Promise<void> {
    const { fs } = this.#node;
    for (const name of fs.readdirSync(this.#directory)) {
      if (!LEFT_BEHIND.test(name) || name === this.#own) continue;
      const stats = fs.lstatSync(this.#pathOf(name), { throwIfNoEntry: false });
      if (!stats || stats.isFile() || Date.now() - stats.mtimeMs < NEWBORN_MS) continue;
      if (await isListening(this.#node, this.#address(name))) continue;
      fs.rmSync(this.#pathOf(name), { force: true });
    }
  }

  /** False where there is one. */
  #makeLink(link: string): boolean {
    try {
      this.#node.fs.symlinkSync(this.#own, this.#pathOf(link));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  }

  /** The name of a socket file; undefined where the link is gone. */
  #readLink(link: string): string | undefined {
    const { fs, path } = this.#node;
    try {
      // Who copies a directory may have made the link absolute: what counts is in the copy.
      return path.basename(fs.readlinkSync(this.#pathOf(link)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  #pathOf(name: string): string {
    return this.#node.path.join(this.#directory, name);
  }

  #address(name: string): string {
    return this.#node.path.join(this.#short, name);
  }
}

/** A name of the directory that leaves room for a socket's, until it is forgotten. */
function shorten(
  { fs, os, path, process }: NodeBuiltins,
  directory: string,
  socket: string,
): { path: string; forget(): void } {
  const longest = path.join(directory, `${socket}${NEXT}`);
  if (new TextEncoder().encode(longest).length <= ADDRESS_BYTES_MAX) return { path: directory, forget() {} };
  if (process.platform === "linux") {
    const descriptor = fs.openSync(directory, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY);
    return { path: `/proc/self/fd/${descriptor}`, forget: () => fs.closeSync(descriptor) };
  }
  const passing = path.join(os.tmpdir(), `chromalite-${socket}`);
  fs.symlinkSync(directory, passing);
  return { path: passing, forget: () => fs.rmSync(passing, { force: true }) };
}
