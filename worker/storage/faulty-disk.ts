// A disk as the contract allows it to be at its worst: what is not flushed lies in a cache, and a
// crash keeps of that cache what a seed says. A model for tests; `FaultyStorage` writes to it.

import { ChunkedBytes } from "./chunked-bytes.ts";
import type { Disk } from "./memory.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** One call that changes a file, before it is known what becomes of it. */
export type Change =
  | { readonly call: "write"; readonly at: number; readonly bytes: Uint8Array }
  | { readonly call: "truncate"; readonly size: number };

const SECTOR_BYTES = 512;

/**
 * What a crash leaves of a file's unflushed changes, oldest first. Drawn for each file, so that the
 * extremes are common however many changes there are: a missing flush must not hide behind luck.
 * none: all lost. all: all kept, as when only the process dies. oldest: those up to some moment, the
 * last one torn. newest: those after some moment, the first one torn: the disk wrote out of order.
 * any: each by itself lost, kept or torn.
 */
const SURVIVALS = ["none", "all", "oldest", "newest", "any"] as const;

interface CachedFile {
  /** What the running machine sees. */
  readonly view: ChunkedBytes;
  /** What is on the platter. */
  readonly durable: ChunkedBytes;
  /** What the view has and the platter may not have, in order. */
  unflushed: Change[];
}

/** Files with a cache in front of them. */
export class FaultyDisk {
  readonly #files = new Map<string, CachedFile>();

  /** @param contents  durable from the start; stays as it is */
  constructor(contents: Disk = new Map()) {
    for (const [name, bytes] of contents) this.#add(name, bytes);
  }

  has(name: string): boolean {
    return this.#files.has(name);
  }

  /** A new file is durable at once: the engine creates none after opening, so that is not what is tested. */
  create(name: string): void {
    this.#add(name, new ChunkedBytes());
  }

  removeAll(): void {
    this.#files.clear();
  }

  /** The bytes as the running machine sees them, to be read only. */
  view(name: string): ChunkedBytes {
    return this.#mustGet(name).view;
  }

  /** The bytes of all files together, unflushed ones too. */
  sizeBytes(): number {
    let total = 0;
    for (const { view } of this.#files.values()) total += view.size;
    return total;
  }

  /** @param change  kept as it is */
  change(name: string, change: Change): void {
    const file = this.#mustGet(name);
    applyWhole(file.view, change);
    file.unflushed.push(change);
  }

  flush(name: string): void {
    const file = this.#mustGet(name);
    for (const change of file.unflushed) applyWhole(file.durable, change);
    file.unflushed = [];
  }

  /** A flush that failed: some of the changes may be on the platter, the cache forgets the others. */
  failFlush(name: string, random: SeededRandom): void {
    const file = this.#mustGet(name);
    applySurvivors(file.durable, file.unflushed, random);
    file.unflushed = [];
  }

  /** The files that a machine finds after losing its power now. This disk goes on as before. */
  crash(random: SeededRandom): Disk {
    const left: Disk = new Map();
    for (const [name, { durable, unflushed }] of this.#files) {
      const bytes = durable.fork();
      applySurvivors(bytes, unflushed, random);
      left.set(name, bytes);
    }
    return left;
  }

  #add(name: string, bytes: ChunkedBytes): void {
    this.#files.set(name, { view: bytes.fork(), durable: bytes.fork(), unflushed: [] });
  }

  #mustGet(name: string): CachedFile {
    const file = this.#files.get(name);
    if (!file) throw new RangeError(`file "${name}": expected one of ${[...this.#files.keys()].join(", ")}`);
    return file;
  }
}

function applySurvivors(bytes: ChunkedBytes, changes: readonly Change[], random: SeededRandom): void {
  const survival = random.pick(SURVIVALS);
  const cut = random.below(changes.length + 1);
  for (const [index, change] of changes.entries()) {
    switch (survival) {
      case "none":
        return;
      case "all":
        applyWhole(bytes, change);
        break;
      case "oldest":
        if (index < cut) applyWhole(bytes, change);
        else if (index === cut) applyTorn(bytes, change, random);
        break;
      case "newest":
        if (index > cut) applyWhole(bytes, change);
        else if (index === cut) applyTorn(bytes, change, random);
        break;
      case "any":
        if (random.chance(1 / 3)) applyWhole(bytes, change);
        else if (random.chance(1 / 2)) applyTorn(bytes, change, random);
        break;
    }
  }
}

function applyWhole(bytes: ChunkedBytes, change: Change): void {
  if (change.call === "write") bytes.write(change.bytes, change.at);
  else bytes.truncate(change.size);
}

/** A part of a write: its beginning, or some of its sectors; sometimes the file has grown over the rest. */
function applyTorn(bytes: ChunkedBytes, change: Change, random: SeededRandom): void {
  if (change.call === "truncate") {
    if (random.chance(1 / 2)) bytes.truncate(change.size);
    return;
  }
  const end = change.at + change.bytes.length;
  if (random.chance(1 / 3)) {
    bytes.write(change.bytes.subarray(0, random.below(change.bytes.length)), change.at);
  } else {
    for (let start = change.at; start < end;) {
      const next = Math.min(end, (Math.floor(start / SECTOR_BYTES) + 1) * SECTOR_BYTES);
      if (random.chance(1 / 2))
        bytes.write(change.bytes.subarray(start - change.at, next - change.at), start);
      start = next;
    }
  }
  if (bytes.size < end && random.chance(1 / 2)) bytes.truncate(end);
}
